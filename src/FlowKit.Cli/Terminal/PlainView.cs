using System.Diagnostics;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>Writes one line for each cell, for logs and pipes, and one line now and then during a training.</summary>
/// <param name="output">For the lines.</param>
/// <param name="error">For complaints.</param>
/// <param name="pause">The least time between two lines of a training.</param>
internal sealed class PlainView(TextWriter output, TextWriter error, TimeSpan pause) : IRunView
{
    private readonly Lock gate = new();
    private readonly Stopwatch sinceTraining = new();
    private int cells;

    /// <summary>A view that reports a training every ten seconds.</summary>
    public PlainView(TextWriter output, TextWriter error) : this(output, error, TimeSpan.FromSeconds(10)) { }

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
