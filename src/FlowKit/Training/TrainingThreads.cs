using System.Diagnostics;

namespace FlowKit.Training;

/// <summary>The threads of a training's steps: one thread suits small flows, all of them large ones, and which it is changes with what else the machine does.</summary>
/// <remarks>
/// A fixed number is kept. Otherwise a training long enough to be worth it measures: see <see cref="ThreadChoice"/>. One that keeps checkpoints chooses in its first steps, once and for all, since what goes on
/// from a checkpoint takes the steps of what was interrupted.
/// </remarks>
internal sealed class TrainingThreads : IDisposable
{
    /// <summary>Steps after which a choice that is made once is made.</summary>
    public const int Trial = 20;

    private const int WorthIt = 5 * Trial;

    private readonly int before = Runtime.Threads;
    private readonly ThreadChoice? choice;
    private readonly bool once;
    private readonly Func<long> clock;
    private int step;
    private long started;
    private bool withMany;

    /// <summary>Threads for a training.</summary>
    /// <param name="threads">A fixed number; null to measure, with the number of threads at its start as the most.</param>
    /// <param name="steps">Steps of the training.</param>
    /// <param name="once">Whether the choice is not looked at again.</param>
    /// <param name="clock">Tells the time in ticks of <see cref="Stopwatch"/>; null for that.</param>
    public TrainingThreads(int? threads, int steps, bool once, Func<long>? clock = null)
    {
        (this.once, this.clock) = (once, clock ?? Stopwatch.GetTimestamp);
        if (threads is null && before > 1 && steps >= WorthIt) choice = new(before);
        Runtime.Threads = threads ?? (choice is null ? before : 1);
    }

    /// <summary>The thread count, once it is fixed.</summary>
    public int? Chosen => Measures ? null : Runtime.Threads;

    private bool Measures => choice is not null && (!once || step < Trial);

    public void BeforeStep()
    {
        if (!Measures) return;

        Use(withMany = choice!.Next());
        Team.ShareFor(choice.Patience(withMany));
        started = clock();
    }

    public void AfterStep()
    {
        if (!Measures) return;

        choice!.Record(withMany, Math.Max(1, clock() - started));
        Team.ShareFor(double.PositiveInfinity);
        step++;
        Use(choice.UsesMany);
    }

    public void Dispose()
    {
        Runtime.Threads = before;
        Team.ShareFor(double.PositiveInfinity);
    }

    private void Use(bool many)
    {
        int threads = many ? before : 1;
        if (Runtime.Threads != threads) Runtime.Threads = threads;
    }
}
