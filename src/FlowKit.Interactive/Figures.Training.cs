using FlowKit.Training;

namespace FlowKit.Interactive;

public static partial class Figures
{
    /// <summary>Training and validation loss by step, with the step whose weights were kept.</summary>
    public static Figure Loss(History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var layers = Losses(history.Train, history.Validation);
        var curve = history.Validation.Count > 0 ? history.Validation : history.Train;
        if (curve.Where(point => point.Step == history.BestStep).Take(1).ToList() is [var best])
            layers.Add(new Points([best.Step], [best.Loss]) { Name = $"kept: step {best.Step}", Size = 9, Opacity = 1, Color = "#d55e00" });
        return One(LossPanel(history.Name, layers, LossRange(history.Train, history.Validation)));
    }

    /// <summary>A training that is still running: its losses so far, on an axis that has room for all its steps.</summary>
    /// <param name="name">What is trained.</param>
    /// <param name="steps">Steps planned, at least 1.</param>
    /// <param name="training">Losses by step, so far.</param>
    /// <param name="validation">Validation losses by step, so far; may be empty.</param>
    internal static Figure Progress(string name, int steps, IReadOnlyList<HistoryPoint> training, IReadOnlyList<HistoryPoint> validation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return One(LossPanel(name, Losses(training, validation), LossRange(training, validation)) with { X = (0, 1.04 * steps) });     // the label of the last tick needs room, too
    }

    private static Panel LossPanel(string name, IReadOnlyList<Layer> layers, Interval? range) =>
        new(name, layers) { XLabel = "step", YLabel = "loss", Y = range, Width = 480, Height = 300 };

    private static List<Layer> Losses(IReadOnlyList<HistoryPoint> training, IReadOnlyList<HistoryPoint> validation)
    {
        var layers = new List<Layer>();
        if (training.Count > 0) layers.Add(ToCurve(training, "training"));
        if (validation.Count > 0) layers.Add(ToCurve(validation, "validation"));
        return layers;
    }

    private static Curve ToCurve(IReadOnlyList<HistoryPoint> points, string name) =>
        new([.. points.Select(point => (double)point.Step)], [.. points.Select(point => point.Loss)]) { Name = name };

    /// <summary>What the loss covers once the first tenth of the steps is over: a start far off would flatten all that matters.</summary>
    private static Interval? LossRange(IReadOnlyList<HistoryPoint> training, IReadOnlyList<HistoryPoint> validation)
    {
        var all = training.Concat(validation).ToList();
        int last = all.Select(point => point.Step).DefaultIfEmpty(0).Max();
        return Interval.Around(all.Where(point => point.Step > last / 10).Select(point => point.Loss))?.Padded(0.08);
    }
}
