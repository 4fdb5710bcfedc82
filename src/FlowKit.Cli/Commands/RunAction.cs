using FlowKit.Experiments;

namespace FlowKit.Cli;

/// <summary>Runs notebooks one after the other.</summary>
internal sealed class RunAction(RunOptions options, CommandHost host)
{
    /// <summary>Checks everything that can be checked first, then runs each notebook.</summary>
    /// <returns>The exit code.</returns>
    public int Run(CancellationToken interrupt)
    {
        using var guard = new ExitGuard(host, "the notebook holds the outputs of the cells before it");
        var (notebooks, targets) = Prepare();
        using var environment = new RunEnvironment(options.Variables(host.Environment.Settings));
        using var view = host.View();
        int code = ExitCode.Ok;
        for (int i = 0; i < notebooks.Length; i++)
        {
            using var own = new RunEnvironment([(Experiment.CheckpointsVariable, options.CheckpointsOf(options.Notebooks[i]))]);
            var status = new NotebookRun(notebooks[i], options.Notebooks[i], targets[i], options, host.Environment, view).Run(interrupt);
            if (interrupt.IsCancellationRequested) return ExitCode.Interrupted;
            if (status == CellStatus.Lost) return ExitCode.Failed;      // its thread may still hold anything
            if (status != CellStatus.Ok && !options.AllowErrors) code = ExitCode.Failed;
        }
        if (code == ExitCode.Ok) options.CheckSettings();
        return code;
    }

    // What the command line names is read, and found writable, before anything runs.
    private (Notebook[] Notebooks, IReadOnlyList<string> Targets) Prepare()
    {
        var targets = RunTargets.Of(options);
        Notebook[] notebooks = [.. options.Notebooks.Select(NotebookFile.Read)];
        var settings = notebooks.Select(notebook => DeclaredSettings.Compare(notebook, options.Settings.Keys)).ToArray();
        RunOptions.Refuse(options.Settings.Keys.Where(name => settings.All(one => one.Unknown.Contains(name))), settings.SelectMany(one => one.Declared));
        for (int i = 0; i < notebooks.Length; i++)
        {
            RunTargets.CheckResult(options.Notebooks[i], targets[i], options.Output);
            if (NotebookFile.IsDib(options.Notebooks[i])) notebooks[i].Origin = Path.GetFileName(options.Notebooks[i]);
            OutputFile.CheckWritable(targets[i]);
        }
        return (notebooks, targets);
    }
}
