using System.Diagnostics;
using System.Globalization;
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
            bool isSame = value.IsLast && last?.Step == value.Step && !IsLast(last);
            if (last is null || last.Name != value.Name || last.Step >= value.Step && !isSame) Begin();
            else if (isSame) training.RemoveAt(training.Count - 1);
            training.Add(new(value.Step, value.Loss));
            if (value.Validation is { } loss && (validation.Count == 0 || validation[^1].Loss != loss)) validation.Add(new(value.Step, loss));
            last = value;

            if (since.IsRunning && since.Elapsed < pause && !IsLast(value)) return;
            Draw(value);
            since.Restart();
        }
    }

    private static bool IsLast(TrainingProgress value) => value.IsLast || value.Step >= value.Steps;

    private void Begin()
    {
        training.Clear();
        validation.Clear();
        since.Reset();
        update = null;
    }

    private void Draw(TrainingProgress value)
    {
        var figure = Figures.Progress(value.Name, value.Steps, training, validation);
        string left = value.Remaining is { } time && !IsLast(value) ? $", {time:hh\\:mm\\:ss} left" : "", stopped = IsLast(value) && value.Step < value.Steps ? "stopped at " : "";
        string state = string.Create(CultureInfo.InvariantCulture, $"{value.Name}: {stopped}step {value.Step:N0} of {value.Steps:N0}, loss {value.Loss:G5}, {value.StepsPerSecond:F0} steps/s{left}");
        var picture = new LivePicture(figure, state);
        if (update is null) update = show(picture) ?? (static _ => { });
        else update(picture);
    }
}
