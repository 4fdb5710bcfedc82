using System.Text.Json;

namespace FlowKit.Cli;

/// <summary>Runs a sweep as a job array of Slurm and follows it, together with tasks that are still in the queue from an earlier call.</summary>
internal sealed class SlurmSweep(SweepView view, SweepOptions options)
{
    private static readonly TimeSpan period = TimeSpan.FromSeconds(3);

    private readonly string file = Path.Combine(options.Folder, "slurm.json");
    private readonly Dictionary<SweepRun, (long Job, int Task)> tasks = [];

    /// <summary>Runs them. Runs that were not done at an interruption are not in the result, and continue without this process.</summary>
    public async Task<IReadOnlyDictionary<SweepRun, SweepOutcome>> Run(IReadOnlyList<SweepRun> runs, CancellationToken interrupt)
    {
        if (runs.Count > 0) SubmitMissing(runs);
        var outcomes = new Dictionary<SweepRun, SweepOutcome>();
        while (outcomes.Count < runs.Count && !interrupt.IsCancellationRequested)
        {
            var queue = Slurm.Queue();                                  // before the outcomes: a task that is not in it has left its own, or never will
            foreach (var run in runs.Where(run => !outcomes.ContainsKey(run)))
                if (Look(run, queue) is { } outcome) view.Ended(run.Point, outcomes[run] = outcome);

            if (outcomes.Values.Any(outcome => outcome.IsUsage))        // the others would fail in the same way
            {
                Slurm.Cancel(tasks.Values.Select(task => task.Job).Distinct());
                break;
            }
            if (outcomes.Count < runs.Count) await Task.Delay(period, interrupt).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        return outcomes;
    }

    private SweepOutcome? Look(SweepRun run, IReadOnlyDictionary<(long, int), string>? queue)
    {
        if (run.Folder.Outcome is { } outcome) return outcome;
        if (queue is null) return null;
        if (!queue.TryGetValue(tasks[run], out string? state)) return run.Ended($"Slurm's job {tasks[run].Job}_{tasks[run].Task}");

        if (state == "RUNNING") view.Started(run.Point);
        else view.Stopped(run.Point);
        return null;
    }

    private void SubmitMissing(IReadOnlyList<SweepRun> runs)
    {
        List<SlurmJob> jobs = File.Exists(file) ? JsonSerializer.Deserialize<List<SlurmJob>>(File.ReadAllText(file)) ?? [] : [];
        var queue = Slurm.Queue() ?? throw new NotebookException("--slurm: Slurm does not answer; 'squeue' says why.");
        foreach (var job in jobs)
            for (int task = 0; task < job.Runs.Count; task++)
                if (queue.ContainsKey((job.Job, task)) && runs.FirstOrDefault(run => run.Folder.Path == job.Runs[task]) is { } run) tasks[run] = (job.Job, task);

        SweepRun[] missing = [.. runs.Where(run => !tasks.ContainsKey(run))];
        if (missing.Length == 0) return;

        foreach (var run in missing) run.Folder.ClearOutcome();
        string script = Path.GetFullPath(Path.Combine(options.Folder, "slurm.sh"));
        OutputFile.Write(script, SlurmScript.Of(missing));
        long number = Slurm.Submit(
        [
            $"--job-name=flowkit-{Path.GetFileNameWithoutExtension(options.Notebook)}", "--requeue", "--open-mode=append",
            $"--array=0-{missing.Length - 1}{(options.Jobs is { } most ? $"%{most}" : "")}", $"--output={Path.GetFullPath(Path.Combine(options.Folder, "slurm-%A_%a.log"))}", .. options.Sbatch,
        ], script);
        for (int task = 0; task < missing.Length; task++) tasks[missing[task]] = (number, task);
        OutputFile.Write(file, JsonSerializer.Serialize(jobs.Append(new(number, [.. missing.Select(run => run.Folder.Path)]))));
        view.Say($"submitted as job {number}; Ctrl-C leaves it running, 'scancel {number}' stops it");
    }
}
