namespace FlowKit.Cli;

/// <summary>Clears notebooks of what running them left behind.</summary>
internal static class ClearNotebooks
{
    /// <summary>Reads everything first, then writes what changes; returns the exit code.</summary>
    /// <param name="paths">Files that exist.</param>
    /// <param name="isCheck">Whether to tell only.</param>
    /// <param name="output">For what was done.</param>
    /// <param name="error">For what went wrong.</param>
    public static int Run(IReadOnlyList<string> paths, bool isCheck, TextWriter output, TextWriter error) => FileCommand.Run(error, () =>
    {
        var cleared = paths.Select(Clear).ToArray();
        if (!isCheck)
            foreach (var file in cleared.Where(file => file.Changes)) AtomicFile.CheckWritable(file.Path);

        foreach (var file in cleared)
        {
            if (file.Changes && !isCheck) AtomicFile.Write(file.Path, file.Text);
            output.WriteLine($"{file.Path}: {(!file.Changes ? "clear already" : $"{(isCheck ? "would clear" : "cleared")} {(file.Outputs > 0 ? Phrases.Count(file.Outputs, "output") : "execution counts, metadata or formatting")}")}");
        }
        return isCheck && cleared.Any(file => file.Changes) ? ExitCode.Failed : ExitCode.Ok;
    });

    private static (string Path, string Text, bool Changes, int Outputs) Clear(string path)
    {
        string before = NotebookFile.ReadText(path);
        var notebook = NotebookFile.Parse(before, path);
        int outputs = notebook.Cells.Sum(cell => cell.Outputs.Count);
        notebook.Clear();
        string text = notebook.ToString();
        return (path, text, text != before, outputs);
    }
}
