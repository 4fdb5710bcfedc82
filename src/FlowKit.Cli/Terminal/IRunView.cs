using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>Shows the progress of a run.</summary>
internal interface IRunView : IProgress<TrainingProgress>, IDisposable
{
    /// <summary>A notebook with this number of cells begins.</summary>
    void NotebookStarted(string name, int cells);

    /// <summary>Cell <paramref name="number"/> (from 1) begins.</summary>
    void CellStarted(int number, string firstLine);

    /// <summary>It ended.</summary>
    void CellEnded(int number, CellStatus status, TimeSpan elapsed);

    /// <summary>The notebook is written.</summary>
    void NotebookEnded(NotebookSummary summary);

    /// <summary>Something went wrong.</summary>
    void Complain(string line);
}
