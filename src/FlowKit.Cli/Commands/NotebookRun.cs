using System.Diagnostics;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>The run of one notebook, from its first cell to its file.</summary>
/// <param name="notebook">Its outputs are replaced.</param>
/// <param name="path">Where it was read.</param>
/// <param name="target">The file to write; null: none.</param>
/// <param name="options">How it runs.</param>
/// <param name="environment">What the environment variables say.</param>
/// <param name="view">Shows the progress.</param>
internal sealed class NotebookRun(Notebook notebook, string path, string? target, RunOptions options, HostEnvironment environment, IRunView view)
{
    private readonly NotebookCell[] cells = [.. notebook.Cells.Where(cell => cell.IsRunnable)];
    private readonly string? file = target is null ? null : Path.GetFullPath(target);       // cells may change the current folder
    private readonly List<(NotebookCell Cell, NotebookOutputs Outputs)> done = [];

    /// <summary>Runs the cells and writes the file, even if they fail; returns the worst status.</summary>
    public CellStatus Run(CancellationToken interrupt)
    {
        var clock = Stopwatch.StartNew();
        foreach (var cell in notebook.Cells) cell.Clear();
        view.NotebookStarted(Path.GetFileName(path), cells.Length);
        TrainingHost.Progress = view;
        var worst = CellStatus.Ok;
        try
        {
            using var session = new Session(Path.GetDirectoryName(Path.GetFullPath(path))!, environment);
            for (int i = 0; i < cells.Length; i++)
            {
                var status = RunCell(session, cells[i], i + 1, interrupt);
                if (status > worst) worst = status;
                Save();                                         // what ran is kept even if a later cell takes the process down
                if (interrupt.IsCancellationRequested || status == CellStatus.Lost || (status != CellStatus.Ok && !options.AllowErrors)) break;
            }
        }
        finally
        {
            TrainingHost.Progress = null;
        }
        Save();
        view.NotebookEnded(new(Path.GetFileName(path), done.Count, cells.Length, done.Sum(cell => cell.Outputs.Pictures), clock.Elapsed, target));
        return worst;
    }

    private void Save()
    {
        if (file is not null) OutputFile.Write(file, notebook.ToString());
    }

    private CellStatus RunCell(Session session, NotebookCell cell, int number, CancellationToken interrupt)
    {
        var clock = Stopwatch.StartNew();
        var outputs = new NotebookOutputs(number);
        view.CellStarted(number, cell.FirstLine);
        var status = IsOtherLanguage(cell, outputs) ? CellStatus.Failed
            : session.Run(new(cell.Code, $"cell {number}", output => Take(output, outputs), options.Timeout), interrupt);

        cell.Record(number, outputs.ToJson());
        done.Add((cell, outputs));
        view.CellEnded(number, status, clock.Elapsed);
        foreach (var problem in outputs.Error?.Problems ?? [])
            view.Complain($"{Path.GetFileName(path)}, cell {number}{(problem.File is null && problem.Line is null ? ": " : ", ")}{problem}");
        return status;
    }

    // A cell may show another value in the place of one that an earlier cell shows.
    private void Take(CellOutput output, NotebookOutputs outputs)
    {
        if (output is CellOutput.Update update && done.FindIndex(cell => cell.Outputs.Update(update)) is >= 0 and var at)
            done[at].Cell.Record(at + 1, done[at].Outputs.ToJson());
        else outputs.Add(output);
    }

    private static bool IsOtherLanguage(NotebookCell cell, NotebookOutputs outputs)
    {
        if (cell.IsKnown) return false;
        outputs.Add(new CellException("LanguageError", new CellProblem(null, null, $"The cell's language is '{cell.Language}'; FlowKit's engine runs C# only.")).ToOutput());
        return true;
    }
}
