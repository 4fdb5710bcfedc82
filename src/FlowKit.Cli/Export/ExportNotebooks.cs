namespace FlowKit.Cli;

/// <summary>Writes notebooks as HTML pages.</summary>
internal static class ExportNotebooks
{
    /// <summary>Makes every page first, then writes them; returns the exit code.</summary>
    /// <param name="paths">Files that exist.</param>
    /// <param name="target">A file or folder, or null for a page beside each notebook.</param>
    /// <param name="force">Whether a file that is no page of ours is replaced.</param>
    /// <param name="output">For what was done.</param>
    /// <param name="error">For what went wrong.</param>
    public static int Run(IReadOnlyList<string> paths, string? target, bool force, TextWriter output, TextWriter error) => FileCommand.Run(error, () =>
    {
        var targets = OutputTargets.Of(paths, target, ".html", path => Path.ChangeExtension(path, ".html"));
        string? taken = force ? null : targets.FirstOrDefault(file => File.Exists(file) && !HtmlPage.IsOurs(file));
        if (taken is not null) throw new ArgumentException($"'{taken}' exists and is no page that this command wrote; --force replaces it.");

        HtmlPage[] pages = [.. paths.Select(path => HtmlPage.Of(NotebookFile.Read(path), path))];
        foreach (string file in targets) AtomicFile.CheckWritable(file);
        foreach (var (page, path, file) in pages.Zip(paths, targets))
        {
            AtomicFile.Write(file, page.Html);
            output.WriteLine($"{path} -> {file}: {page.Summary}");
        }
        return ExitCode.Ok;
    });
}
