using System.Diagnostics;

namespace FlowKit.Cli;

/// <summary>The progress of a sweep and its remaining time.</summary>
/// <param name="runs">All of them.</param>
/// <param name="kept">Those that were done before.</param>
/// <param name="jobs">How many run at a time.</param>
internal sealed class SweepTally(int runs, int kept, int jobs)
{
    private readonly Lock gate = new();
    private readonly Dictionary<SweepPoint, long> running = [];
    private readonly List<double> seconds = [];
    private int done, failed;

    /// <summary>A run begins.</summary>
    public void Started(SweepPoint point)
    {
        lock (gate) running.TryAdd(point, Stopwatch.GetTimestamp());
    }

    /// <summary>A run was interrupted, or it is waiting again.</summary>
    public void Stopped(SweepPoint point)
    {
        lock (gate) running.Remove(point);
    }

    /// <summary>A run has ended.</summary>
    public void Ended(SweepPoint point, SweepOutcome outcome)
    {
        lock (gate)
        {
            running.Remove(point);
            if (outcome.Succeeded) done++;
            else failed++;
            if (outcome.Succeeded) seconds.Add(outcome.Seconds);
        }
    }

    /// <summary>Time left; null before a run has ended.</summary>
    public TimeSpan? Left
    {
        get
        {
            lock (gate)
            {
                if (seconds.Count == 0) return null;
                double mean = seconds.Average();
                double work = mean * (runs - kept - done - failed) - running.Values.Sum(start => Math.Min(mean, Stopwatch.GetElapsedTime(start).TotalSeconds));
                return TimeSpan.FromSeconds(Math.Max(0, work) / jobs);
            }
        }
    }

    /// <summary>"3 of 6 done, 1 failed, 2 running, 1:20 min left".</summary>
    public override string ToString()
    {
        lock (gate)
        {
            string failures = failed > 0 ? $", {failed} failed" : "", active = running.Count > 0 ? $", {running.Count} running" : "";
            string left = kept + done + failed < runs && Left is { } time ? $", {Phrases.Duration(time)} left" : "";
            return $"{kept + done} of {runs} done{failures}{active}{left}";
        }
    }
}
