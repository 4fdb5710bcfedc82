namespace FlowKit.Cli;

/// <summary>The target of each notebook, as <c>--output</c> describes it.</summary>
internal static class OutputTargets
{
    /// <summary>The target of each notebook, in order; a folder that does not exist is created.</summary>
    /// <param name="notebooks">Files that exist.</param>
    /// <param name="output">A file or folder, or null to write beside each notebook.</param>
    /// <param name="extension">What a target ends in, such as .ipynb.</param>
    /// <param name="beside">The target in the notebook's own folder.</param>
    /// <exception cref="UsageException">The output does not fit the notebooks.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> notebooks, string? output, string extension, Func<string, string> beside)
    {
        if (output is "") throw new UsageException("--output names a file or a folder; it was ''.");

        bool several = notebooks.Count > 1;
        if (several && output is not null && (File.Exists(output) || output.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
            throw new UsageException($"--output must be a folder if there are several notebooks; '{output}' is a file.");

        bool isFolder = output is not null && (several || Directory.Exists(output) || Path.EndsInDirectorySeparator(output));
        if (output is not null && !isFolder && !output.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output is an {extension} file or a folder (existing, or ending in a slash); it was '{output}'.");

        string[] targets = [.. notebooks.Select(notebook => isFolder ? Path.Combine(output!, Path.GetFileName(beside(notebook))) : output ?? beside(notebook))];

        string? twice = targets.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1)?.First();
        if (twice is not null) throw new UsageException($"Each notebook needs its own output, but two would write '{twice}'.");
        if (isFolder) OutputFile.CreateFolder(output!);
        return targets;
    }
}
