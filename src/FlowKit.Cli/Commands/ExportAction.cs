namespace FlowKit.Cli;

/// <summary>Writes notebooks as HTML pages.</summary>
/// <param name="paths">Files that exist.</param>
/// <param name="target">A file or folder, or null for a page beside each notebook.</param>
/// <param name="force">Whether a file that this command did not write is replaced.</param>
/// <param name="host">Where the command works.</param>
internal sealed class ExportAction(IReadOnlyList<string> paths, string? target, bool force, CommandHost host)
{
    /// <summary>Makes every page first, then writes them.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var targets = OutputTargets.Of(paths, target, ".html", path => Path.ChangeExtension(path, ".html"));
        string? taken = force ? null : targets.FirstOrDefault(file => File.Exists(file) && !HtmlPage.IsOurs(file));
        if (taken is not null) throw new UsageException($"'{taken}' exists and is not a page that this command wrote; --force replaces it.");

        HtmlPage[] pages = [.. paths.Select(path => HtmlPage.Of(NotebookFile.Read(path), path))];
        foreach (string file in targets) OutputFile.CheckWritable(file);
        foreach (var (page, path, file) in pages.Zip(paths, targets))
        {
            OutputFile.Write(file, page.Html);
            host.Output.WriteLine($"{path} -> {file}: {page.Summary}");
        }
        return ExitCode.Ok;
    }
}
