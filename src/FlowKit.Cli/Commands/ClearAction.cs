namespace FlowKit.Cli;

/// <summary>Clears notebooks of what running them left behind.</summary>
/// <param name="paths">Files that exist.</param>
/// <param name="isCheck">Whether files are inspected only and left unchanged.</param>
/// <param name="host">Where the command works.</param>
internal sealed class ClearAction(IReadOnlyList<string> paths, bool isCheck, CommandHost host)
{
    /// <summary>Reads everything first, then writes what changes.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var cleared = paths.Select(Clear).ToArray();
        if (!isCheck)
            foreach (var file in cleared.Where(file => file.Changes)) OutputFile.CheckWritable(file.Path);

        foreach (var file in cleared)
        {
            if (file.Changes && !isCheck) OutputFile.Write(file.Path, file.Text);
            string what = file.Outputs > 0 ? Phrases.Count(file.Outputs, "output") : "execution counts, metadata or formatting";
            host.Output.WriteLine($"{file.Path}: {(!file.Changes ? "already clear" : $"{(isCheck ? "would clear" : "cleared")} {what}")}");
        }
        return isCheck && cleared.Any(file => file.Changes) ? ExitCode.Failed : ExitCode.Ok;
    }

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
