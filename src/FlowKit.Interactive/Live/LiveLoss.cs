using System.Diagnostics;
using System.Globalization;
using System.Net;
using FlowKit.Interactive.Rendering;
using FlowKit.Training;

namespace FlowKit.Interactive;

/// <summary>Trainings as loss curves that grow below the cell while they run.</summary>
/// <param name="show">Shows a value and returns what replaces it; null where there is no place.</param>
/// <param name="pause">The least time between two pictures of a training.</param>
internal sealed class LiveLoss(Func<object, Action<object>?> show, TimeSpan pause) : IProgress<TrainingProgress>
{
    private readonly Lock gate = new();
    private readonly List<HistoryPoint> training = [], validation = [];
    private readonly Stopwatch since = new();
    private TrainingProgress? last;
    private Action<object>? update;

    /// <summary>Takes a report; another name, or a step that is not later, begins another picture.</summary>
    public void Report(TrainingProgress value)
    {
        lock (gate)
        {
            if (last is null || last.Name != value.Name || last.Step >= value.Step) Begin();
            training.Add(new(value.Step, value.Loss));
            if (value.Validation is { } loss && (validation.Count == 0 || validation[^1].Loss != loss)) validation.Add(new(value.Step, loss));
            last = value;

            bool ended = value.Step >= value.Steps;
            if (since.IsRunning && since.Elapsed < pause && !ended) return;
            Draw(value);
            since.Restart();
        }
    }

    private void Begin()
    {
        training.Clear();
        validation.Clear();
        since.Reset();
        update = null;
    }

    // A still picture: a chart that is drawn anew twice a second would flicker.
    private void Draw(TrainingProgress value)
    {
        var figure = Figures.Progress(value.Name, value.Steps, training, validation);
        string left = value.Remaining is { } time && value.Step < value.Steps ? $", {time:hh\\:mm\\:ss} left" : "";
        string state = string.Create(CultureInfo.InvariantCulture, $"{value.Name}: step {value.Step:N0} of {value.Steps:N0}, loss {value.Loss:G5}, {value.StepsPerSecond:F0} steps/s{left}");
        var html = new HtmlOutput($"<img alt=\"{WebUtility.HtmlEncode(figure.ToString())}\" src=\"{Mosaic.DataUri(figure.ToPng())}\"><div>{WebUtility.HtmlEncode(state)}</div>", state);
        if (update is null) update = show(html) ?? (static _ => { });
        else update(html);
    }
}
