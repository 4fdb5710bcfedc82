using System.Diagnostics;
using System.Runtime.CompilerServices;

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Action finalized) => _ = new Told(finalized);

    private sealed class Told(Action finalized)
    {
        ~Told() => finalized();
    }
}
