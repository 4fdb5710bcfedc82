using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>Shows trainings while they run: the first report makes a picture below the cell, the later ones redraw it, and its last state stays.</summary>
internal sealed class TrainingDisplay : IProgress<TrainingProgress>, IDisposable
{
    private static readonly TimeSpan redraw = TimeSpan.FromMilliseconds(500);
    private readonly Lock gate = new();
    private readonly Timer timer;
    private readonly List<LossCurve> curves = [];

    /// <summary>A display that redraws at most twice a second.</summary>
    public TrainingDisplay() => timer = new(_ => Redraw(), null, redraw, redraw);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (OutputSink.Current is not { } sink) return;
        lock (gate)
        {
            var curve = curves.Find(curve => curve.Continues(value, sink));
            if (curve is null) curves.Add(curve = new(sink));
            curve.Add(value);
        }
    }

    /// <summary>The cell has ended: the pictures show the last reports.</summary>
    public void EndOfCell()
    {
        Redraw();
        lock (gate) curves.RemoveAll(curve => curve.IsDone);
    }

    /// <summary>Stops redrawing.</summary>
    public void Dispose() => timer.Dispose();

    private void Redraw()
    {
        // Only one drawing at a time, so that a slow drawing is repeated less often.
        LossCurve[] all;
        lock (gate) all = [.. curves];
        foreach (var curve in all) curve.Draw();
    }
}
