namespace FlowKit.Cli;

/// <summary>The file that receives each notebook's outputs.</summary>
internal static class RunTargets
{
    /// <summary>One .ipynb file for each notebook, in order.</summary>
    /// <exception cref="UsageException">The output does not fit the notebooks.</exception>
    public static IReadOnlyList<string> Of(RunOptions options) =>
        OutputTargets.Of(options.Notebooks, options.Output, ".ipynb", notebook => NotebookFile.IsDib(notebook) ? Path.ChangeExtension(notebook, ".ipynb") : notebook);

    /// <summary>Refuses to put a .dib notebook's result over a notebook that is not its earlier result, unless the file was named.</summary>
    /// <exception cref="UsageException">Another notebook is there.</exception>
    public static void CheckResult(string notebook, string target, string? output)
    {
        if (!NotebookFile.IsDib(notebook) || target == output || !File.Exists(target)) return;
        if (NotebookFile.Read(target).Origin != Path.GetFileName(notebook))
            throw new UsageException($"The outputs of '{notebook}' go to '{target}', which holds another notebook; name a file with --output.");
    }
}
