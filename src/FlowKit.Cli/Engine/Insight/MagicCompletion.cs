namespace FlowKit.Cli;

/// <summary>Completes the lines that start with <c>#!</c>, and the files they name.</summary>
internal static class MagicCompletion
{
    private static readonly string[] magics = ["#!import", "#!time", "#!csharp", "#!markdown", "#!html"];
    private static readonly string[] imported = [".cs", ".csx", ".dib", ".ipynb"];
    private static readonly string[] referenced = [".dll"];

    /// <summary>The completions at the cursor, or null if its line is code.</summary>
    public static Completions? At(string code, int cursor, string directory)
    {
        int lineStart = cursor == 0 ? 0 : code.LastIndexOf('\n', cursor - 1) + 1;
        string line = code[lineStart..cursor];
        string typed = line.TrimStart();
        int start = lineStart + line.Length - typed.Length;
        if (!typed.StartsWith('#')) return null;

        if (Argument(typed, "#!import") is { } file) return Files(file.TrimStart('"'), cursor, directory, imported);
        if (Argument(typed, "#r") is ['"', .. var library]) return Files(library, cursor, directory, referenced);
        if (Argument(typed, "#load") is ['"', .. var script]) return Files(script, cursor, directory, imported[..2]);
        string[] matches = [.. magics.Where(magic => magic.StartsWith(typed, StringComparison.Ordinal))];
        return matches.Length == 0 && !typed.StartsWith("#!", StringComparison.Ordinal)
            ? null
            : new(matches, start, cursor, [.. matches.Select(_ => "magic")]);
    }

    private static string? Argument(string line, string magic) =>
        line.StartsWith(magic, StringComparison.Ordinal) && line.Length > magic.Length && char.IsWhiteSpace(line[magic.Length]) ? line[magic.Length..].TrimStart() : null;

    // Matching files, and folders that may hold some, in the folder that has been typed.
    private static Completions Files(string typed, int cursor, string directory, string[] extensions)
    {
        int slash = typed.LastIndexOfAny(['/', '\\']) + 1;
        string prefix = typed[slash..];
        try
        {
            var entries = new DirectoryInfo(Path.GetFullPath(typed[..slash], directory)).EnumerateFileSystemInfos()
                .Where(entry => entry.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (prefix.Length > 0 || !entry.Name.StartsWith('.')))
                .Where(entry => entry is DirectoryInfo || extensions.Contains(entry.Extension.ToLowerInvariant()))
                .OrderBy(entry => entry is DirectoryInfo).ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)
                .ToList();
            return new(
                [.. entries.Select(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name)], cursor - prefix.Length, cursor,
                [.. entries.Select(entry => entry is DirectoryInfo ? "folder" : "file")]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new([], cursor, cursor, []);
        }
    }
}
