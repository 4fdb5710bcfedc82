namespace FlowKit;

/// <summary>Decides for one kind of work, call by call, between one thread and many, from what the calls have cost.</summary>
/// <remarks>
/// <para>The faster by the medians of the last calls of each is current. The other is looked at by every second call at first and every <see cref="Pause"/>th later, again at once where it was faster.
/// What looking costs beyond the current count is bounded by a share of all that is spent: where two threads take five times as long, as beside a busy process, looks become rare.</para>
/// <para>A busy process that starts is seen without looking, since it slows down the calls that many threads do; its end is seen by a look. It holds no clock: callers tell what a call has cost.</para>
/// </remarks>
internal sealed class ThreadChoice(int most, bool startsWithMany = false)
{
    /// <summary>Calls with the current count between two looks at the other.</summary>
    public const int Pause = 16;

    private const double Share = 0.02;               // of the time of all calls that looking may cost
    private const double Credit = 2, Debt = 1000;    // calls whose time looking may cost beforehand, and that are remembered of one look
    private const double Better = 0.95;              // many threads must gain that much
    private const double Lost = 1.5;                 // times the current cost, after which a look has nothing left to gain

    private readonly Times one = new(), many = new();
    private double allowance = Credit;               // in calls
    private int sinceLook;
    private bool looksAgain;

    /// <summary>Threads that many are, > 1.</summary>
    public int Most => most;

    /// <summary>Whether many threads are the faster choice by what is known.</summary>
    public bool UsesMany { get; private set; } = startsWithMany;

    private Times Current => UsesMany ? many : one;

    private Times Other => UsesMany ? one : many;

    /// <summary>Whether the next call takes many threads.</summary>
    public bool Next()
    {
        if (!Current.HasAny || !UsesMany && IsSmall) return UsesMany;

        bool isDue = sinceLook >= (Other.IsFull ? Pause : 1) && allowance >= 0;
        return UsesMany ^ (isDue || looksAgain);
    }

    /// <summary>The cost of the next call from which on it may go on with one thread, see <see cref="Team.ShareFor"/>: one that only looks at many has nothing left to gain there. Infinite for other calls.</summary>
    /// <param name="withMany">What <see cref="Next"/> said.</param>
    public double Patience(bool withMany) => withMany && !UsesMany ? Lost * one.Median : double.PositiveInfinity;

    /// <summary>Whether a call on one thread is too short for a second one to matter.</summary>
    public bool IsSmall { get; private set; }

    /// <summary>Learns what a call has cost.</summary>
    /// <param name="withMany">Whether it took many threads.</param>
    /// <param name="cost">Its time by its amount of work, in any unit, > 0.</param>
    /// <param name="isSmall">Whether it was too short to matter.</param>
    public void Record(bool withMany, double cost, bool isSmall = false)
    {
        if (!withMany) IsSmall = isSmall;
        allowance = Math.Min(Credit, allowance + Share);
        sinceLook++;
        var times = withMany ? many : one;
        times.Add(cost);
        if (withMany != UsesMany)
        {
            double usual = times.HasAny ? times.Median : cost;           // as a look that was interrupted says nothing of looks
            allowance -= Math.Clamp(usual / Current.Median - 1, 0, Debt);
            looksAgain = times.HasAny && Current.IsFull && cost < Better * Current.Median;
            sinceLook = 0;
        }
        if (Current.IsFull && Other.IsFull && Other.Median < Current.Median * (UsesMany ? 1 : Better)) (UsesMany, looksAgain, sinceLook) = (!UsesMany, false, 0);
    }

    // The last five; the first one of all, which warms up, is left out.
    private sealed class Times
    {
        private readonly double[] last = new double[5], sorted = new double[5];
        private int count = -1;

        public bool HasAny => count > 0;

        public bool IsFull => count >= last.Length;

        public double Median { get; private set; }

        public void Add(double time)
        {
            if (count >= 0) last[count % last.Length] = time;
            count = count + 1 < 2 * last.Length ? count + 1 : last.Length;
            if (count <= 0) return;

            var known = sorted.AsSpan(0, Math.Min(count, last.Length));
            last.AsSpan(0, known.Length).CopyTo(known);
            known.Sort();
            Median = known[(known.Length - 1) / 2];
        }
    }
}
