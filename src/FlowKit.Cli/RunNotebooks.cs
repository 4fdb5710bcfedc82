using FlowKit.Experiments;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>Runs notebooks one after the other.</summary>
internal static class RunNotebooks
{
    /// <summary>Checks everything that can be checked first, then runs each notebook; returns the exit code.</summary>
    public static int Run(RunOptions options, TextWriter output, TextWriter error, bool isTerminal, CancellationToken interrupt)
    {
        using var guard = new ExitGuard(error, "the notebook holds the outputs of the cells before it");
        try
        {
            if (Prepare(options, error) is not var (notebooks, targets)) return ExitCode.Usage;

            using var environment = new RunEnvironment(options.Environment);
            using IRunView view = isTerminal ? new LiveView(output, error) : new PlainView(output, error);
            int code = ExitCode.Ok;
            for (int i = 0; i < notebooks.Length; i++)
            {
                using var own = new RunEnvironment([(Experiment.CheckpointsVariable, options.CheckpointsOf(options.Notebooks[i]))]);
                var status = new NotebookRun(notebooks[i], options.Notebooks[i], targets[i], options, view).Run(interrupt);
                if (interrupt.IsCancellationRequested) return ExitCode.Interrupted;
                if (status == CellStatus.Lost) return ExitCode.Failed;      // its thread still holds who knows what
                if (status != CellStatus.Ok && !options.AllowErrors) code = ExitCode.Failed;
            }
            return code == ExitCode.Ok && Unasked(options, error) ? ExitCode.Usage : code;
        }
        catch (NotebookException broken)
        {
            error.WriteLine($"flowkit: {broken.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Whether the command line sets what no notebook asked for: a mistyped setting must not look like a run of the one that was meant.</summary>
    public static bool Unasked(RunOptions options, TextWriter error)
    {
        string[] unasked = [.. options.Settings.Keys.Except(TrainingHost.AskedSettings)];
        if (unasked.Length > 0)
            error.WriteLine($"flowkit: --set {string.Join(", ", unasked)}: no notebook asked for it; {(TrainingHost.AskedSettings.Count > 0 ? $"what was asked for: {string.Join(", ", TrainingHost.AskedSettings)}" : "none asks for any setting")}.");
        return unasked.Length > 0;
    }

    // What the command line names: read, and found writable, before anything runs. Null: it names what cannot be.
    private static (Notebook[] Notebooks, IReadOnlyList<string> Targets)? Prepare(RunOptions options, TextWriter error)
    {
        try
        {
            var targets = RunTargets.Of(options);
            Notebook[] notebooks = [.. options.Notebooks.Select(NotebookFile.Read)];
            for (int i = 0; i < notebooks.Length; i++)
            {
                RunTargets.CheckResult(options.Notebooks[i], targets[i], options.Output);
                if (NotebookFile.IsDib(options.Notebooks[i])) notebooks[i].Origin = Path.GetFileName(options.Notebooks[i]);
                AtomicFile.CheckWritable(targets[i]);
            }
            return (notebooks, targets);
        }
        catch (ArgumentException wrong)
        {
            error.WriteLine($"flowkit: {wrong.Message}");
            return null;
        }
    }
}
