namespace FlowKit.Cli;

/// <summary>Runs notebooks again and compares their outputs with the stored ones.</summary>
internal sealed class CheckAction(RunOptions options, Tolerance tolerance, CommandHost host)
{
    /// <summary>Reads everything first, then runs each notebook without writing it.</summary>
    /// <returns>The exit code.</returns>
    public int Run(CancellationToken interrupt)
    {
        using var guard = new ExitGuard(host, "it is not compared");
        var stored = options.Notebooks.Select(ReadExecuted).ToArray();
        using var environment = new RunEnvironment(options.Variables(host.Environment.Settings));
        int code = ExitCode.Ok;
        for (int i = 0; i < stored.Length; i++)
        {
            string path = options.Notebooks[i];
            var found = NotebookFile.Parse(stored[i].ToString(), path);
            var status = Run(found, path, options with { AllowErrors = stored[i].Cells.Any(OutputTexts.HasError) }, interrupt);
            if (interrupt.IsCancellationRequested) return ExitCode.Interrupted;
            if (!Report(stored[i], found, Path.GetFileName(path))) code = ExitCode.Failed;
            if (status == CellStatus.Lost) return ExitCode.Failed;
        }
        if (code == ExitCode.Ok) options.CheckSettings();
        return code;
    }

    private CellStatus Run(Notebook notebook, string path, RunOptions how, CancellationToken interrupt)
    {
        using var view = host.View();
        return new NotebookRun(notebook, path, target: null, how, host.Environment, view).Run(interrupt);
    }

    private bool Report(Notebook before, Notebook after, string name)
    {
        var differences = new NotebookComparison(before, after, tolerance).Differences().ToArray();
        foreach (var (cell, lines) in differences)
            foreach (string line in lines) host.Error.WriteLine($"{name}, cell {cell}: {line}");
        string cells = Phrases.Count(before.Cells.Count(cell => cell.IsRunnable), "cell");
        host.Output.WriteLine(differences.Length == 0 ? $"{name}: the outputs of {cells} agree" : $"{name}: {differences.Length} of {cells} differ");
        return differences.Length == 0;
    }

    private static Notebook ReadExecuted(string path)
    {
        var notebook = NotebookFile.Read(path);
        return notebook.Cells.Any(cell => cell.HasRun || cell.Outputs.Count > 0) ? notebook
            : throw new NotebookException($"{path}: holds no outputs to compare with; 'flowkit run' makes them");
    }
}
