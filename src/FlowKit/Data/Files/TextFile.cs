using System.Text;

namespace FlowKit.Data;

/// <summary>A text as a sequence of symbols, numbered by the order of their code points.</summary>
/// <example><code>
/// string folder = Catalog.Get("austen");
/// var text = TextFile.Load(Path.Combine(folder, "pride-and-prejudice.txt.gz"));
/// Console.WriteLine($"{text.Symbols.size(0)} characters of {text.Alphabet.Count} kinds");  // => 684768 characters of 75 kinds
/// Console.WriteLine(text.Decode(text.Symbols.narrow(0, 0, 19)));                           // => PRIDE AND PREJUDICE
/// var letters = text.InLetters();
/// Console.WriteLine(letters.Decode(letters.Symbols.narrow(0, 0, 34)));                     // => pride and prejudice by jane austen
/// </code></example>
public sealed class TextFile
{
    private TextFile(Tensor symbols, string[] alphabet) => (Symbols, Alphabet) = (symbols, alphabet);

    /// <summary>Symbol of every character, (N), int64, 0..K-1.</summary>
    public Tensor Symbols { get; }

    /// <summary>The K characters that occur, by code point.</summary>
    public IReadOnlyList<string> Alphabet { get; }

    /// <summary>Reads a UTF-8 text, plain or gzip; a byte order mark is left out.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is empty or is not UTF-8.</exception>
    public static TextFile Load(string path)
    {
        using var file = FileBytes.Open(path);
        return Load(file);
    }

    /// <summary>The text in 27 symbols, as text8 is made: small letters a to z are 1 to 26, and whatever stands between letters is one space, 0.</summary>
    /// <remarks>Capitals become small; letters outside a to z end a word. M. Mahoney, About the test data, 2006, http://mattmahoney.net/dc/textdata.html; there digits are spelled out, here they are dropped.</remarks>
    public TextFile InLetters()
    {
        string[] alphabet = [" ", .. Enumerable.Range('a', 26).Select(letter => ((char)letter).ToString())];
        long[] small = [.. Alphabet.Select(kind => Math.Max(0L, Array.IndexOf(alphabet, kind.ToLowerInvariant())))];
        using var flat = Symbols.cpu();
        var symbols = new List<long>();
        foreach (long symbol in flat.data<long>())
            if (small[symbol] > 0 || symbols.Count > 0 && symbols[^1] > 0) symbols.Add(small[symbol]);
        return new(tensor(symbols.ToArray(), [symbols.Count], dtype: int64, device: CPU), alphabet);
    }

    /// <summary>The text of symbols.</summary>
    /// <exception cref="ArgumentException">A symbol is not in the alphabet.</exception>
    public string Decode(Tensor symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        var words = new StringBuilder();
        using var flat = symbols.to(int64).cpu().reshape(-1);
        foreach (long symbol in flat.data<long>())
            words.Append(symbol >= 0 && symbol < Alphabet.Count ? Alphabet[(int)symbol] : throw new ArgumentException($"symbols holds {symbol}; expected 0..{Alphabet.Count - 1}.", nameof(symbols)));
        return words.ToString();
    }

    internal static TextFile Load(FileBytes file)
    {
        byte[] bytes = file.ReadToEnd();
        int mark = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        int[] runes;
        try
        {
            runes = [.. new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, mark, bytes.Length - mark).EnumerateRunes().Select(rune => rune.Value)];
        }
        catch (DecoderFallbackException error)
        {
            throw file.Wrong("UTF-8", $"other bytes at {error.Index}", error);
        }
        if (runes.Length == 0) throw file.Wrong("text", "nothing");

        int[] kinds = [.. runes.Distinct().Order()];
        var number = kinds.Select((rune, i) => (rune, i)).ToDictionary(pair => pair.rune, pair => (long)pair.i);
        long[] symbols = [.. runes.Select(rune => number[rune])];
        return new(tensor(symbols, [symbols.Length], dtype: int64, device: CPU), [.. kinds.Select(rune => new Rune(rune).ToString())]);
    }
}
