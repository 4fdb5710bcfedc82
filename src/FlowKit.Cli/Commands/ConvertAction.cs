namespace FlowKit.Cli;

/// <summary>Converts notebooks from one format into the other.</summary>
/// <param name="files">The notebooks and, last, where they go.</param>
/// <param name="force">Whether a file that exists is replaced.</param>
/// <param name="host">Where the command works.</param>
internal sealed class ConvertAction(IReadOnlyList<string> files, bool force, CommandHost host)
{
    /// <summary>Reads and converts everything first, then writes.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        string[] sources = [.. files.SkipLast(1)];
        string[] targets = Targets(sources, files[^1]);
        var converted = sources.Zip(targets).Select(pair => (Path: pair.Second, Text: Convert(pair.First, pair.Second, out string summary), Summary: summary)).ToArray();
        foreach (string target in targets) OutputFile.CheckWritable(target);
        foreach (var (path, text, summary) in converted)
        {
            OutputFile.Write(path, text);
            host.Output.WriteLine(summary);
        }
        return ExitCode.Ok;
    }

    private string[] Targets(string[] sources, string last)
    {
        bool isFolder = Directory.Exists(last) || Path.EndsInDirectorySeparator(last) || (sources.Length > 1 && !IsNotebook(last) && !File.Exists(last));
        if (last.Length == 0) throw new UsageException("OUT is a .ipynb or .dib file or a folder; it was ''.");
        if (sources.Length > 1 && !isFolder) throw new UsageException($"OUT must be a folder if there are several notebooks; it was '{last}'.");
        if (!isFolder && !IsNotebook(last)) throw new UsageException($"OUT is a .ipynb or .dib file or a folder (existing, or ending in a slash); it was '{last}'.");

        string[] targets = [.. sources.Select(source => isFolder ? Path.Combine(last, Path.ChangeExtension(Path.GetFileName(source), NotebookFile.IsDib(source) ? ".ipynb" : ".dib")) : last)];
        string? twice = targets.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1)?.First();
        if (twice is not null) throw new UsageException($"Each notebook needs its own file, but two would write '{twice}'.");
        foreach (var (source, target) in sources.Zip(targets))
        {
            if (NotebookFile.IsDib(source) == NotebookFile.IsDib(target)) throw new UsageException($"'{source}' and '{target}' are in the same format.");
            if (!force && File.Exists(target)) throw new UsageException($"'{target}' exists; --force replaces it.");
        }
        if (isFolder) OutputFile.CreateFolder(last);
        return targets;
    }

    private static bool IsNotebook(string path) => NotebookFile.IsDib(path) || path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase);

    private static string Convert(string source, string target, out string summary)
    {
        var notebook = NotebookFile.Read(source);
        bool isDib = NotebookFile.IsDib(target);
        string text = isDib ? notebook.ToDib() : notebook.ToString();
        string[] lost = [.. new[] { Phrases.Count(notebook.Cells.Sum(cell => cell.Outputs.Count), "output"), Phrases.Count(notebook.Cells.Count(cell => cell.Attachments is not null), "cell's attachments", "cells' attachments") }.Where(words => !words.StartsWith("0 ", StringComparison.Ordinal))];
        summary = $"{source} -> {target}: {Phrases.Count(notebook.Cells.Count, "cell")}{(isDib && lost.Length > 0 ? $"; without {string.Join(", ", lost)}" : "")}";
        return text;
    }
}
