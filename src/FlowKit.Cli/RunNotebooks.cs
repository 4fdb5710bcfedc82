namespace FlowKit.Cli;

/// <summary>Runs notebooks one after the other.</summary>
internal static class RunNotebooks
{
    /// <summary>Checks everything that can be checked first, then runs each notebook; returns the exit code.</summary>
    public static int Run(RunOptions options, TextWriter output, TextWriter error, bool isTerminal, CancellationToken interrupt)
    {
        try
        {
            var targets = RunTargets.Of(options);
            Notebook[] notebooks = [.. options.Notebooks.Select(NotebookFile.Read)];
            foreach (string target in targets) AtomicFile.CheckWritable(target);

            using var environment = new RunEnvironment(options);
            using IRunView view = isTerminal ? new LiveView(output, error) : new PlainView(output, error);
            int code = ExitCode.Ok;
            for (int i = 0; i < notebooks.Length; i++)
            {
                var status = new NotebookRun(notebooks[i], options.Notebooks[i], targets[i], options, view).Run(interrupt);
                if (interrupt.IsCancellationRequested) return ExitCode.Interrupted;
                if (status == CellStatus.Lost) return ExitCode.Failed;      // its thread still holds who knows what
                if (status != CellStatus.Ok && !options.AllowErrors) code = ExitCode.Failed;
            }
            return code;
        }
        catch (ArgumentException wrong)
        {
            error.WriteLine($"flowkit: {wrong.Message}");
            return ExitCode.Usage;
        }
        catch (NotebookException broken)
        {
            error.WriteLine($"flowkit: {broken.Message}");
            return ExitCode.Failed;
        }
    }
}
