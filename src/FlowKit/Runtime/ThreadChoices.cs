using System.Diagnostics;
using System.Numerics;

namespace FlowKit;

/// <summary>The <see cref="ThreadChoice"/> of each kind of work of one model: of each operation, for each size of the batch in powers of two.</summary>
/// <remarks>
/// libtorch's thread count is each thread's own, and what was set last is where new threads begin. A call sets its own thread's and puts it back; <see cref="Runtime.Threads"/> is the most it takes.
/// One call at a time is measured in the process: others that run beside it take what is known. Calls inside calls take what they are given.
/// </remarks>
/// <param name="clock">Tells the time in ticks of <see cref="Stopwatch"/>; null for that.</param>
internal sealed class ThreadChoices(Func<long>? clock = null)
{
    private const int Sizes = 64;

    private static readonly double small = Stopwatch.Frequency * 75e-6;      // where a second thread cannot gain what waking it costs
    private static int measuring;

    private readonly Func<long> clock = clock ?? Stopwatch.GetTimestamp;
    private ThreadChoice?[]? all;

    /// <summary>Does the work on rows from <paramref name="start"/> on with the number of threads that was seen to be faster.</summary>
    public T Run<T>(RowWork work, long start, long rows, Func<long, long, T> compute)
    {
        int most = get_num_threads();
        if (most == 1 || rows == 0 || NativeMemory.IsNested) return compute(start, rows);

        var choice = For(work, rows, most);
        bool measures = Interlocked.CompareExchange(ref measuring, 1, 0) == 0;
        bool withMany = measures ? choice.Next() : choice.UsesMany;
        bool keeps = withMany || choice.IsSmall;                              // libtorch shares nothing so small, and setting its count takes its time, too
        try
        {
            if (!keeps) set_num_threads(1);
            Team.ShareFor(!withMany ? 0 : measures ? choice.Patience(withMany) * rows : double.PositiveInfinity);
            long began = clock();
            var result = compute(start, rows);
            long time = Math.Max(1, clock() - began);
            if (measures) choice.Record(withMany, (double)time / rows, isSmall: time < small);
            return result;
        }
        finally
        {
            if (!keeps) set_num_threads(most);
            Team.ShareFor(double.PositiveInfinity);
            if (measures) Volatile.Write(ref measuring, 0);
        }
    }

    // Of a size that was not met yet, it starts as that of the next smaller one.
    private ThreadChoice For(RowWork work, long rows, int most)
    {
        all ??= new ThreadChoice?[3 * Sizes];
        int first = (int)work * Sizes, size = first + BitOperations.Log2((ulong)(rows + rows / 2));      // powers of two lie in the middle of theirs
        if (all[size] is { } known && known.Most == most) return known;

        var smaller = all[first..size].LastOrDefault(choice => choice?.Most == most);
        return all[size] = new(most, startsWithMany: smaller?.UsesMany ?? false);
    }
}
