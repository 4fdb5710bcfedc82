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

        string[] targets = [.. options.Notebooks.Select(notebook => isFolder ? Path.Combine(output!, Path.GetFileName(notebook)) : output ?? notebook)];

        string? twice = targets.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1)?.First();
        if (twice is not null) throw new ArgumentException($"Each notebook needs its own output; two would write '{twice}'.");
        if (isFolder) Folders.Make(output!);
        return targets;
    }
}
