using FlowKit.Training;

namespace FlowKit.Interactive;

public static partial class Figures
{
    // A line further from the curve than this many heights of the curve is not on the axis: the curve keeps a third of it.
    private const double NearCurve = 1;

    /// <summary>Training and validation loss by step, with the step whose weights were kept, and what the loss is to be compared with.</summary>
    /// <remarks>The axis extends to a line as long as the curve keeps a third of its height. A line further off is only named in the legend, with its value. A training of no steps makes a picture, too.</remarks>
    /// <param name="history">Losses in nats per example, where they are to be shown in bits per dimension.</param>
    /// <param name="dimensions">D >= 1: losses are shown in bits per dimension, loss / (D ln 2); null: as they are.</param>
    /// <param name="lines">Names and values, in the unit that is shown, of truths and baselines, as dashed lines over the whole width.</param>
    /// <exception cref="ArgumentException">There are fewer dimensions than 1, or a line has no name or no finite value.</exception>
    /// <example><code>
    /// var history = new History("digits", [new(10, 150), new(20, 120), new(30, 110)], [new(30, 112)], TimeSpan.Zero, BestStep: 30);
    /// Figures.Loss(history, dimensions: 64, lines: [("full Gaussian", 2.6), ("histogram", 4.1)])
    /// </code></example>
    public static Figure Loss(History history, long? dimensions = null, params IReadOnlyList<(string Name, double Value)> lines)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (dimensions is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(dimensions));
        foreach (var (name, value) in lines)
            if (string.IsNullOrWhiteSpace(name) || !double.IsFinite(value))
                throw new ArgumentException(FormattableString.Invariant($"A line has a name and a finite value; one was \"{name}\", {value}."), nameof(lines));

        var (train, validation) = (InUnit(history.Train), InUnit(history.Validation));
        var layers = Losses(train, validation);
        var curve = validation.Count > 0 ? validation : train;
        if (curve.Where(point => point.Step == history.BestStep).Take(1).ToList() is [var best])
            layers.Add(new Points([best.Step], [best.Loss]) { Name = $"kept: step {best.Step}", Size = 9, Opacity = 1, Color = "#d55e00" });

        Interval x = train.Concat(validation).Select(point => point.Step).DefaultIfEmpty(0).Max() is > 0 and var last ? (-0.02 * last, 1.04 * last) : (-0.02, 1.04);
        var losses = LossRange(train, validation);
        Interval? reach = train.Count + validation.Count > 1 ? losses?.Padded(NearCurve) : null;
        Interval? y = Interval.Around([.. Ends(losses), .. lines.Select(line => line.Value).Where(value => reach?.Contains(value) ?? true)]);
        foreach (var (name, value) in lines)
            layers.Add(new Curve([x.Low, x.High], [value, value]) { Name = Described(name, value), Dashed = true });
        return One(LossPanel(history.Name, layers, y?.Padded(lines.Count > 0 ? 0.04 : 0)) with { X = x, YLabel = dimensions is null ? "loss" : "bits/dim" });

        List<HistoryPoint> InUnit(IReadOnlyList<HistoryPoint> points) => [.. points.Select(point => point with { Loss = point.Loss / (dimensions * Math.Log(2) ?? 1) })];

        string Described(string name, double value) =>
            FormattableString.Invariant($"{name}: {value:G4}{(y is not { } shown || shown.Contains(value) ? "" : value > shown.High ? " (above)" : " (below)")}");

        static IEnumerable<double> Ends(Interval? range) => range is { } some ? [some.Low, some.High] : [];
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
        return Interval.Around(all.Where(point => point.Step > last / 10 || last == 0).Select(point => point.Loss))?.Padded(0.08);
    }
}
