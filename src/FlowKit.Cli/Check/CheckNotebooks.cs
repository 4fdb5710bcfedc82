namespace FlowKit.Cli;

/// <summary>Runs notebooks again and compares.</summary>
internal static class CheckNotebooks
{
    /// <summary>Reads everything first, then runs each notebook without writing it; returns the exit code.</summary>
    public static int Run(RunOptions options, Tolerance tolerance, TextWriter output, TextWriter error, bool isTerminal, CancellationToken interrupt)
    {
        using var guard = new ExitGuard(error, "it is not compared");
        try
        {
            var stored = options.Notebooks.Select(ReadExecuted).ToArray();
            using var environment = new RunEnvironment(options.Environment);
            int code = ExitCode.Ok;
            for (int i = 0; i < stored.Length; i++)
            {
                string path = options.Notebooks[i];
                var found = NotebookFile.Parse(stored[i].ToString(), path);
                var status = Run(found, path, options with { AllowErrors = stored[i].Cells.Any(OutputTexts.HasError) });
                if (interrupt.IsCancellationRequested) return ExitCode.Interrupted;
                if (!Report(stored[i], found, Path.GetFileName(path))) code = ExitCode.Failed;
                if (status == CellStatus.Lost) return ExitCode.Failed;
            }
            return code == ExitCode.Ok && RunNotebooks.Unasked(options, error) ? ExitCode.Usage : code;
        }
        catch (NotebookException broken)
        {
            error.WriteLine($"flowkit: {broken.Message}");
            return ExitCode.Failed;
        }

        CellStatus Run(Notebook notebook, string path, RunOptions options)
        {
            using IRunView view = isTerminal ? new LiveView(output, error) : new PlainView(output, error);
            return new NotebookRun(notebook, path, target: null, options, view).Run(interrupt);
        }

        bool Report(Notebook before, Notebook after, string name)
        {
            var differences = new NotebookComparison(before, after, tolerance).Differences().ToArray();
            foreach (var (cell, lines) in differences)
                foreach (string line in lines) error.WriteLine($"{name}, cell {cell}: {line}");
            int cells = before.Cells.Count(cell => cell.IsRunnable);
            output.WriteLine(differences.Length == 0 ? $"{name}: the outputs of {Phrases.Count(cells, "cell")} agree" : $"{name}: {differences.Length} of {Phrases.Count(cells, "cell")} differ");
            return differences.Length == 0;
        }
    }

    private static Notebook ReadExecuted(string path)
    {
        var notebook = NotebookFile.Read(path);
        return notebook.Cells.Any(cell => cell.HasRun || cell.Outputs.Count > 0) ? notebook
            : throw new NotebookException($"{path}: holds no outputs to compare with; 'flowkit run' makes them");
    }
}
