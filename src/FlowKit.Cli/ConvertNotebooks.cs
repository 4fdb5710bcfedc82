namespace FlowKit.Cli;

/// <summary>Converts notebooks from one format into the other.</summary>
internal static class ConvertNotebooks
{
    /// <summary>Reads and converts everything first, then writes; returns the exit code.</summary>
    /// <param name="files">The notebooks and, last, where they go.</param>
    /// <param name="force">Whether a file that exists is replaced.</param>
    /// <param name="output">For what was done.</param>
    /// <param name="error">For what went wrong.</param>
    public static int Run(IReadOnlyList<string> files, bool force, TextWriter output, TextWriter error) => FileCommand.Run(error, () =>
    {
        string[] sources = [.. files.SkipLast(1)];
        string[] targets = Targets(sources, files[^1], force);
        var converted = sources.Zip(targets).Select(pair => (Path: pair.Second, Text: Convert(pair.First, pair.Second, out string summary), Summary: summary)).ToArray();
        foreach (string target in targets) AtomicFile.CheckWritable(target);
        foreach (var (path, text, summary) in converted)
        {
            AtomicFile.Write(path, text);
            output.WriteLine(summary);
        }
        return ExitCode.Ok;
    });

    private static string[] Targets(string[] sources, string last, bool force)
    {
        bool isFolder = Directory.Exists(last) || Path.EndsInDirectorySeparator(last) || (sources.Length > 1 && !IsNotebook(last) && !File.Exists(last));
        if (sources.Length > 1 && !isFolder) throw new ArgumentException($"OUT is a folder where several notebooks are given; it was '{last}'.");
        if (!isFolder && !IsNotebook(last)) throw new ArgumentException($"OUT is a .ipynb or .dib file or a folder (existing, or ending in a slash); it was '{last}'.");

        string[] targets = [.. sources.Select(source => isFolder ? Path.Combine(last, Path.ChangeExtension(Path.GetFileName(source), NotebookFile.IsDib(source) ? ".ipynb" : ".dib")) : last)];
        string? twice = targets.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1)?.First();
        if (twice is not null) throw new ArgumentException($"Each notebook needs its own file; two would write '{twice}'.");
        foreach (var (source, target) in sources.Zip(targets))
        {
            if (NotebookFile.IsDib(source) == NotebookFile.IsDib(target)) throw new ArgumentException($"'{source}' and '{target}' are in the same format.");
            if (!force && File.Exists(target)) throw new ArgumentException($"'{target}' exists; --force replaces it.");
        }
        if (isFolder) Folders.Make(last);
        return targets;
    }

    private static bool IsNotebook(string path) => NotebookFile.IsDib(path) || path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);

    private static string Convert(string source, string target, out string summary)
    {
        var notebook = NotebookFile.Read(source);
        bool isDib = NotebookFile.IsDib(target);
        string text = isDib ? notebook.ToDib() : notebook.ToString();
        string[] lost = [.. new[] { Phrases.Count(notebook.Cells.Sum(cell => cell.Outputs.Count), "output"), Phrases.Count(notebook.Cells.Count(cell => cell.Attachments is not null), "cell's attachments", "cells' attachments") }.Where(words => !words.StartsWith("0 ", StringComparison.Ordinal))];
        summary = $"{source} -> {target}: {Phrases.Count(notebook.Cells.Count, "cell")}{(isDib && lost.Length > 0 ? $"; left out: {string.Join(", ", lost)}" : "")}";
        return text;
    }
}
