using System.Diagnostics;

namespace FlowKit.Training;

/// <summary>Chooses between one thread, which suits small flows, and all of them: times a few steps of each at the start of a training and keeps the faster.</summary>
internal sealed class ThreadChoice : IDisposable
{
    private const int WarmUp = 3, Timed = 7, Trial = WarmUp + Timed;

    private readonly int before = Runtime.Threads;
    private readonly int all = Environment.ProcessorCount;
    private readonly bool measures;
    private readonly List<long> one = [], many = [];
    private int step;
    private long started;

    /// <summary>A fixed number of threads, or a measured one for a training long enough to be worth it.</summary>
    public ThreadChoice(int? threads, int steps)
    {
        measures = threads is null && all > 1 && steps >= 10 * Trial;
        Runtime.Threads = threads ?? (measures ? 1 : before);
    }

    /// <summary>The thread count, once it is fixed.</summary>
    public int? Chosen => measures && step < 2 * Trial ? null : Runtime.Threads;

    public void BeforeStep()
    {
        if (measures && step < 2 * Trial) started = Stopwatch.GetTimestamp();
    }

    public void AfterStep()
    {
        if (!measures || step >= 2 * Trial) return;

        long taken = Stopwatch.GetTimestamp() - started;
        if (step % Trial >= WarmUp) (step < Trial ? one : many).Add(taken);
        step++;
        if (step == Trial) Runtime.Threads = all;
        if (step == 2 * Trial && Median(one) <= Median(many)) Runtime.Threads = 1;
    }

    public void Dispose() => Runtime.Threads = before;

    private static long Median(List<long> times) => times.Order().ElementAt(times.Count / 2);
}
