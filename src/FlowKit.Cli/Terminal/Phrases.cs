using System.Globalization;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>The words both views use.</summary>
internal static class Phrases
{
    /// <summary>"realnvp: step 200/1000, loss 1.873, validation 1.9, 85 steps/s, 9 s left".</summary>
    public static string Training(TrainingProgress progress)
    {
        string validation = progress.Validation is { } loss ? $", validation {Number(loss)}" : "";
        string left = progress.Remaining is { } time ? $", {Duration(time)} left" : "";
        return $"{progress.Name}: step {progress.Step}/{progress.Steps}, loss {Number(progress.Loss)}{validation}, {Number(progress.StepsPerSecond)} steps/s{left}";
    }

    /// <summary>"0.3 s", "12 s", "3:25 min", "1:02:03 h".</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s"),
        < 3600 => time.ToString(@"m\:ss", CultureInfo.InvariantCulture) + " min",
        _ => time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) + " h",
    };

    /// <summary>"12.3 ms", "1.23 s", "3:25 min": a cell's time, rounded to a useful precision.</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:G3} ms"),
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F2} s"),
        _ => Duration(time),
    };

    /// <summary>"1 cell", "3 cells".</summary>
    public static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>"ok", "failed", "stopped", "hangs".</summary>
    public static string Outcome(CellStatus status) => status switch
    {
        CellStatus.Ok => "ok",
        CellStatus.Failed => "failed",
        CellStatus.Stopped => "stopped",
        _ => "hangs",
    };

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
