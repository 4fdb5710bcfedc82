using System.Diagnostics;

namespace FlowKit.Benchmarks;

/// <summary>How long things take: the median of several timed blocks after a warm-up.</summary>
internal static class Stopwatches
{
    private const int Blocks = 5;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300), Block = TimeSpan.FromMilliseconds(300);

    /// <summary>Median seconds a call.</summary>
    public static double Seconds(Action call)
    {
        Repeat(call, WarmUp);
        double[] medians = [.. Enumerable.Range(0, Blocks).Select(_ => Repeat(call, Block)).Order()];
        return medians[Blocks / 2];
    }

    /// <summary>Seconds a call in one block, after a third of it to warm up.</summary>
    public static double Turn(Action call, TimeSpan block)
    {
        Repeat(call, block / 3);
        return Repeat(call, block);
    }

    private static double Repeat(Action call, TimeSpan atLeast)
    {
        var clock = Stopwatch.StartNew();
        int calls = 0;
        do
        {
            call();
            if (++calls % 16 == 0) GC.Collect(0);
        }
        while (clock.Elapsed < atLeast);
        return clock.Elapsed.TotalSeconds / calls;
    }
}
