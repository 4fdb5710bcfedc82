using System.Diagnostics;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>One line a cell, for logs and pipes.</summary>
internal sealed class PlainView(TextWriter output, TextWriter error) : IRunView
{
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private readonly Stopwatch sinceTraining = new();
    private int cells;

    /// <inheritdoc/>
    public void NotebookStarted(string name, int cells)
    {
        this.cells = cells;
        Write(output, name);
    }

    /// <inheritdoc/>
    public void CellStarted(int number, string firstLine) => sinceTraining.Restart();

    /// <inheritdoc/>
    public void CellEnded(int number, CellStatus status, TimeSpan elapsed) =>
        Write(output, $"  cell {number}/{cells}: {Phrases.Outcome(status)}, {Phrases.Duration(elapsed)}");

    /// <inheritdoc/>
    public void NotebookEnded(NotebookSummary summary) => Write(output, summary.ToString());

    /// <inheritdoc/>
    public void Complain(string line) => Write(error, line);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (sinceTraining.Elapsed < pause) return;
        sinceTraining.Restart();
        Write(output, $"    {Phrases.Training(value)}");
    }

    /// <inheritdoc/>
    public void Dispose() => output.Flush();

    private void Write(TextWriter writer, string line)
    {
        lock (gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
