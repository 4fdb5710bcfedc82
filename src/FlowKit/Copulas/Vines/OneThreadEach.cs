using System.Runtime.ExceptionServices;

namespace FlowKit.Copulas;

/// <summary>Pieces of work side by side, each on one thread of libtorch: its sums do not depend on how many there are, and the processors are not shared out twice.</summary>
internal static class OneThreadEach
{
    /// <summary>Does them all, without gradients; the first failure is thrown as it was.</summary>
    /// <param name="count">How many pieces.</param>
    /// <param name="most">How many at once, >= 1.</param>
    /// <param name="work">One piece.</param>
    public static void For(int count, int most, Action<int> work)
    {
        int before = get_num_threads();
        try
        {
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = most }, i =>
            {
                set_num_threads(1);
                try
                {
                    using var call = NativeMemory.Enter();
                    using var none = no_grad();
                    work(i);
                }
                finally
                {
                    set_num_threads(before);
                }
            });
        }
        catch (AggregateException failed)
        {
            ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]);
        }
    }
}
