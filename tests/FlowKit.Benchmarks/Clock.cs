using System.Diagnostics;

namespace FlowKit.Benchmarks;

/// <summary>Median time of repeated blocks after a warm-up. On one thread it is processor time, which other programs on the machine touch least; on several, wall time.</summary>
internal static class Clock
{
    private const int Blocks = 9;
    private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(200), WarmUp = TimeSpan.FromSeconds(1.5);

    /// <summary>Seconds one call takes.</summary>
    public static double Seconds(Action call)
    {
        Time(call, 2);
        int calls = Math.Clamp((int)(Block / Time(call, 1)), 1, 100_000);
        for (var start = Now; Now - start < WarmUp;) Time(call, calls);       // the compiler looks twice at what runs often
        return Enumerable.Range(0, Blocks).Select(_ => Time(call, calls).TotalSeconds / calls).Order().ElementAt(Blocks / 2);
    }

    /// <summary>The time that is measured.</summary>
    public static TimeSpan Now => get_num_threads() == 1 ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

    /// <summary>How busy the machine is: processes that want to run, over the last minute; NaN where the system does not say.</summary>
    public static double Load =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]) : double.NaN;

    private static TimeSpan Time(Action call, int calls)
    {
        var start = Now;
        for (int i = 0; i < calls; i++)
        {
            using var scope = NewDisposeScope();
            call();
        }
        GC.Collect(0);                                                        // as the trainer does: part of the price
        return Now - start;
    }
}
