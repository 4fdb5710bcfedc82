using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Interactive;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>One training's losses so far, and its place below the cell that runs it.</summary>
internal sealed class LossCurve(OutputSink sink)
{
    private const int MostPoints = 400;
    private readonly Lock drawing = new();
    private readonly Lock gate = new();
    private readonly string id = DisplayedValue.NewId();
    private readonly List<TrainingProgress> reports = [];
    private TrainingProgress? last;
    private TrainingProgress? drawn;

    /// <summary>Whether the last report has arrived.</summary>
    public bool IsDone => last is { } report && IsOver(report);

    /// <summary>Whether a report of the sink's cell is this training's next one.</summary>
    public bool Continues(TrainingProgress report, OutputSink from) =>
        from == sink && last is { } previous && report.Name == previous.Name && report.Steps == previous.Steps && (report.Step > previous.Step || report.IsLast && report.Step == previous.Step);

    /// <summary>Adds a report; the first one is shown at once, as a line of text.</summary>
    public void Add(TrainingProgress report)
    {
        bool isFirst = last is null;
        lock (gate)
        {
            if (reports.Count > 1 && last!.Step == report.Step) reports.RemoveAt(reports.Count - 1);
            last = report;
            reports.Add(report);
            for (int i = MostPoints - 2; reports.Count > MostPoints && i > 0; i -= 2) reports.RemoveAt(i);
        }
        if (isFirst) sink.Send(new CellOutput.Display(Text(report), id));
    }

    /// <summary>Draws what is new since the last drawing.</summary>
    public void Draw()
    {
        lock (drawing)
        {
            TrainingProgress[] now;
            lock (gate) now = [.. reports];
            if (now.Length < 2 || now[^1] == drawn) return;         // the first one is shown already

            drawn = now[^1];
            sink.Send(new CellOutput.Update(Picture(now), id));
        }
    }

    private JsonObject Picture(TrainingProgress[] reports)
    {
        var text = Text(reports[^1]);
        FlowKitExtension.Register();
        var bundle = MimeBundle.Of(Figure(reports), "application/vnd.plotly.v1+json", "image/png");
        bundle["text/plain"] = text["text/plain"]!.DeepClone();
        return bundle;
    }

    private static Figure Figure(TrainingProgress[] reports)
    {
        var last = reports[^1];
        var layers = new List<Layer> { Curve(reports, "training", report => report.Loss) };
        var validated = reports.Where(report => report.Validation is not null).ToArray();
        if (validated.Length > 0) layers.Add(Curve(validated, "validation", report => report.Validation!.Value));

        var range = Settled([.. layers.OfType<Curve>().SelectMany(curve => curve.X.Zip(curve.Y)).Where(point => point.First > last.Step / 10.0).Select(point => point.Second)]);
        string title = !IsOver(last) ? $"{last.Name}: step {last.Step}/{last.Steps}{Left(last)}"
            : last.Step < last.Steps ? $"{last.Name}: stopped at step {last.Step}/{last.Steps}" : $"{last.Name}: {last.Steps} steps";
        return new("", [new(title, layers) { XLabel = "step", YLabel = "loss", Y = range, Width = 480, Height = 240 }]);
    }

    private static Curve Curve(TrainingProgress[] reports, string name, Func<TrainingProgress, double> loss) =>
        new([.. reports.Select(report => (double)report.Step)], [.. reports.Select(loss)]) { Name = $"{name} {loss(reports[^1]).ToString("G4", CultureInfo.InvariantCulture)}" };

    // The range of the loss after the first tenth of the steps: a distant start would flatten the rest of the curve.
    private static Interval? Settled(double[] losses)
    {
        double[] finite = [.. losses.Where(double.IsFinite)];
        if (finite.Length == 0 || finite.Max() <= finite.Min()) return null;

        double air = 0.08 * (finite.Max() - finite.Min());
        return new(finite.Min() - air, finite.Max() + air);
    }

    private static bool IsOver(TrainingProgress report) => report.IsLast || report.Step >= report.Steps;

    private static string Left(TrainingProgress report) => report.Remaining is { } time ? $", {Phrases.Duration(time)} left" : "";

    private static JsonObject Text(TrainingProgress report) => new() { ["text/plain"] = Phrases.Training(report) };
}
