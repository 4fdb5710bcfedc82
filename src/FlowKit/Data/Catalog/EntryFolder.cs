using System.Security.Cryptography;

namespace FlowKit.Data;

/// <summary>The files of one data set on this machine, and what makes a file whole.</summary>
/// <remarks>A file under its own name is whole: it is written as a part beside its place, checked, then renamed. Checksums that the catalog does not know are recorded at the first download.</remarks>
internal sealed class EntryFolder(CatalogEntry entry, string path)
{
    private const string Sums = "SHA256SUMS";

    public string Path => path;

    public CatalogEntry Entry => entry;

    public string PathOf(CatalogFile file) => System.IO.Path.Combine(path, file.Name);

    /// <summary>Where the file is while it is being written.</summary>
    public string PartOf(CatalogFile file) => PathOf(file) + ".part";

    /// <summary>Files that are absent or damaged.</summary>
    public IReadOnlyList<CatalogFile> Missing() => [.. entry.Files.Where(file => Problem(file) is not null)];

    /// <summary>What is wrong with a file, in words that follow its name; null if it is whole.</summary>
    public string? Problem(CatalogFile file) => Problem(file, PathOf(file), out _);

    /// <summary>Puts a finished part in its place.</summary>
    /// <exception cref="InvalidDataException">It is not what the catalog expects; the part is gone.</exception>
    public void Accept(CatalogFile file)
    {
        string part = PartOf(file);
        if (Problem(file, part, out string? sum) is { } problem)
        {
            File.Delete(part);
            throw new InvalidDataException($"{file.Name} {problem}; it was thrown away.");
        }
        Record(file, sum!);
        File.Move(part, PathOf(file), overwrite: true);
    }

    /// <summary>Trusts files that lie here already and whose checksum nobody knows: those a person put here.</summary>
    public void Adopt()
    {
        var known = Recorded();
        foreach (var file in entry.Files)
            if (file.Sha256 is null && !known.ContainsKey(file.Name) && File.Exists(PathOf(file))) Record(file, Sum(PathOf(file)));
    }

    /// <summary>Checksums recorded at the first download, by file.</summary>
    public IReadOnlyDictionary<string, string> Recorded()
    {
        string sums = System.IO.Path.Combine(path, Sums);
        if (!File.Exists(sums)) return new Dictionary<string, string>();
        return File.ReadLines(sums).Select(line => line.Split("  ", 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[1], parts => parts[0]);
    }

    private string? Problem(CatalogFile file, string place, out string? sum)
    {
        sum = null;
        if (!File.Exists(place)) return "is missing";
        long size = new FileInfo(place).Length;
        if (file.Size is { } expected && size != expected) return $"has {size} bytes; expected {expected}";

        sum = Sum(place);
        if (file.Sha256 is { } known) return sum == known ? null : $"has SHA-256 {sum}; expected {known}";
        return Recorded().TryGetValue(file.Name, out string? recorded) && recorded != sum
            ? $"has SHA-256 {sum}; the first download had {recorded} (delete {System.IO.Path.Combine(path, Sums)} to trust another)"
            : null;
    }

    private void Record(CatalogFile file, string sum)
    {
        if (file.Sha256 is not null) return;
        var sums = new SortedDictionary<string, string>(Recorded().ToDictionary(), StringComparer.Ordinal) { [file.Name] = sum };
        string target = System.IO.Path.Combine(path, Sums);
        File.WriteAllLines(target + ".part", sums.Select(pair => $"{pair.Value}  {pair.Key}"));
        File.Move(target + ".part", target, overwrite: true);
    }

    private static string Sum(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
