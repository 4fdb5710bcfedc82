namespace FlowKit.Cli;

/// <summary>A sweep, from its options to its tables.</summary>
internal sealed class SweepAction(SweepOptions options, CommandHost host)
{
    /// <summary>Runs everything that is not done yet, and collects the tables.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Run(CancellationToken interrupt)
    {
        var notebook = NotebookFile.Read(options.Notebook);
        var (unknown, declared) = await DeepStack.Run(() => DeclaredSettings.Compare(notebook, options.Grid.Axes.Select(axis => axis.Key)));
        if (unknown.Count > 0) throw new UsageException($"--set {string.Join(", ", unknown)}: the notebook does not declare this setting; the declared settings are: {string.Join(", ", declared)}.");

        OutputFile.CreateFolder(options.Folder);
        using var only = Lock();
        SweepRun[] runs = [.. options.Grid.Points.Select(point => new SweepRun(point, new(Path.Combine(options.Folder, "runs", point.FolderName))))];
        string code = SweepRunFolder.CodeOf(notebook);
        if (runs.FirstOrDefault(run => run.Folder.Request is { } before && !before.IsSameWork(RequestOf(run.Point, code))) is { } other)
            throw new UsageException($"{other.Folder.Path} belongs to another version of the notebook, or to another scale or device; delete {options.Folder}, or name another folder with --output.");

        foreach (var run in runs) run.Folder.Request = RequestOf(run.Point, code);
        return Report(runs, await RunAll(runs, interrupt), interrupt);
    }

    private SweepRequest RequestOf(SweepPoint point, string code) =>
        new(Path.GetFullPath(options.Notebook), code, options.Scale, options.Device, point.Seed, point.Settings.ToDictionary(), options.Timeout?.TotalSeconds);

    private FileStream Lock()
    {
        try
        {
            return new FileStream(Path.Combine(options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{options.Folder}: another sweep is running there, or the folder cannot be written: {refused.Message}");
        }
    }

    private async Task<IReadOnlyDictionary<SweepRun, SweepOutcome>> RunAll(SweepRun[] runs, CancellationToken interrupt)
    {
        SweepRun[] left = [.. runs.Where(run => run.Folder.Outcome is not { Succeeded: true })];
        int jobs = Math.Clamp(options.Jobs ?? (options.Slurm ? left.Length : LocalSweep.DefaultJobs), 1, Math.Max(1, left.Length));
        var tally = new SweepTally(runs.Length, kept: runs.Length - left.Length, jobs);
        using var view = new SweepView(host.Output, tally, host.IsTerminal);
        view.Say($"{Path.GetFileName(options.Notebook)}: {Phrases.Count(runs.Length, "run")}{(left.Length < runs.Length ? $", {runs.Length - left.Length} of them done before" : "")}, in {options.Folder}");
        return options.Slurm
            ? await new SlurmSweep(view, options).Run(left, interrupt)
            : await new LocalSweep(view, jobs).Run(left, interrupt);
    }

    private int Report(SweepRun[] runs, IReadOnlyDictionary<SweepRun, SweepOutcome> outcomes, CancellationToken interrupt)
    {
        SweepRun[] succeeded = [.. runs.Where(run => run.Folder.Outcome is { Succeeded: true })];
        var failed = runs.Where(run => outcomes.TryGetValue(run, out var outcome) && !outcome.Succeeded).Select(run => (run.Point, outcomes[run].Problem ?? "")).ToList();
        if (outcomes.Values.FirstOrDefault(outcome => outcome.IsUsage) is { } usage)
        {
            host.Error.WriteLine(usage.Problem);
            return ExitCode.Usage;
        }
        var report = new SweepReport(Path.GetFileNameWithoutExtension(options.Notebook), options.Grid, succeeded, failed);
        report.Write(options.Folder);
        host.Output.WriteLine();
        host.Output.Write(report.Markdown());
        host.Output.WriteLine($"\n-> {Path.Combine(options.Folder, "summary.md")}, summary.csv, results.csv");
        if (interrupt.IsCancellationRequested)
        {
            host.Complain($"interrupted with {succeeded.Length} of {Phrases.Count(runs.Length, "run")} done; the same command continues the sweep{(options.Slurm ? ", and Slurm continues meanwhile" : "")}.");
            return ExitCode.Interrupted;
        }
        foreach (var (point, problem) in failed) host.Complain($"{point.Name} failed: {problem}");
        return failed.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
