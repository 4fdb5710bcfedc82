using System.Diagnostics;
using System.Runtime.CompilerServices;
using FlowKit.Distributions;

namespace FlowKit.Tests;

/// <summary>Alone on the machine: what collects beside it is the test's own.</summary>
[CollectionDefinition(nameof(LateFinalizersTests), DisableParallelization = true), Collection(nameof(LateFinalizersTests))]
public sealed class LateFinalizersTests
{
    // What is allocated last is finalized first, so the newest of many objects shows whether a gate stands before them. It asks for shorter pauses the longer it waits: five sixths of Quiet after a single collection.
    [Fact]
    public async Task What_a_collection_finds_during_a_computation_is_finalized_late()
    {
        var clock = Stopwatch.StartNew();
        var finalized = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);      // not on the finalizers' thread
        await Task.Delay(1500, TestContext.Current.CancellationToken);           // the gate of whatever computed before has gone
        LateFinalizers.Begin();
        try
        {
            for (int i = 0; i < 100; i++) Drop(() => finalized.TrySetResult(clock.Elapsed));
            var dead = clock.Elapsed;
            GC.Collect(0);
            var late = await finalized.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken) - dead;

            Assert.True(late.TotalMilliseconds >= LateFinalizers.Quiet / 2, $"The first finalizer ran {late.TotalMilliseconds:0} ms after the objects died.");
        }
        finally
        {
            LateFinalizers.End();
        }
    }

    [Fact]
    public async Task Who_waits_for_finalizers_during_a_computation_goes_on()
    {
        LateFinalizers.Begin();
        try
        {
            bool ran = false;
            Drop(() => ran = true);
            GC.Collect();
            await Task.Run(GC.WaitForPendingFinalizers, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

            Assert.True(ran);
        }
        finally
        {
            LateFinalizers.End();
        }
    }

    // Without gates 28 to 44 calls failed on two busy processors, with them none in five runs. One that waits longer for a processor than a gate waits is not helped, hence the margin.
    [Fact]
    public void Scalars_outlive_the_operations_that_read_them_while_threads_collect()
    {
        var law = new StandardNormal(3);
        var x = zeros(4, 3);
        var wanted = law.LogProb(x).data<float>().ToArray();
        var (failed, calls) = (0, 0);
        var clock = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(_ => new Thread(Compute))];
        foreach (var thread in threads) thread.Start();
        while (clock.Elapsed.TotalSeconds < 10)
        {
            GC.Collect(0);
            Thread.Sleep(200);
        }
        foreach (var thread in threads) thread.Join();

        Assert.True(calls > 100, $"Only {calls} calls were made.");
        Assert.True(failed <= 8, $"{failed} of {calls} calls failed.");

        void Compute()
        {
            while (clock.Elapsed.TotalSeconds < 10)
            {
                using var scope = NewDisposeScope();
                try
                {
                    if (!((law.LogProb(x) + 1) * 2 / 2 - 1).data<float>().SequenceEqual(wanted)) Interlocked.Increment(ref failed);
                }
                catch (Exception)
                {
                    Interlocked.Increment(ref failed);
                }
                Interlocked.Increment(ref calls);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Action finalized) => _ = new Told(finalized);

    private sealed class Told(Action finalized)
    {
        ~Told() => finalized();
    }
}
