namespace FlowKit.Cli;

/// <summary>Where each notebook's result goes.</summary>
internal static class RunTargets
{
    /// <summary>One target a notebook, in order.</summary>
    /// <exception cref="ArgumentException">The output does not fit the notebooks.</exception>
    public static IReadOnlyList<string> Of(RunOptions options)
    {
        string? output = options.Output;
        if (output is "") throw new ArgumentException("--output names a file or a folder; it was ''.");

        bool several = options.Notebooks.Count > 1;
        if (several && output is not null && (File.Exists(output) || output.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase)))
            throw new ArgumentException($"--output is a folder where several notebooks are given; '{output}' is a file.");

        bool isFolder = output is not null && (several || Directory.Exists(output) || Path.EndsInDirectorySeparator(output));
        if (output is not null && !isFolder && !output.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"--output is an .ipynb file or a folder (existing, or ending in a slash); it was '{output}'.");

        string[] targets = [.. options.Notebooks.Select(notebook => isFolder ? Path.Combine(output!, Path.GetFileName(Result(notebook))) : output ?? Result(notebook))];

        string? twice = targets.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1)?.First();
        if (twice is not null) throw new ArgumentException($"Each notebook needs its own output; two would write '{twice}'.");
        if (isFolder) Folders.Make(output!);
        return targets;
    }

    /// <summary>Refuses to put a .dib notebook's result over a notebook that is not its earlier result, unless the file was named.</summary>
    /// <exception cref="ArgumentException">Another notebook is there.</exception>
    public static void CheckResult(string notebook, string target, string? output)
    {
        if (!NotebookFile.IsDib(notebook) || target == output || !File.Exists(target)) return;
        if (NotebookFile.Read(target).Origin != Path.GetFileName(notebook))
            throw new ArgumentException($"The outputs of '{notebook}' go to '{target}', which holds another notebook; name a file with --output.");
    }

    // Outputs need a .ipynb file.
    private static string Result(string notebook) => NotebookFile.IsDib(notebook) ? Path.ChangeExtension(notebook, ".ipynb") : notebook;
}
