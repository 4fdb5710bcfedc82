using FlowKit.Distributions;

namespace FlowKit.Tests;

/// <summary>Alone on the machine: what collects beside it is the test's own.</summary>
[CollectionDefinition(nameof(LateFinalizersTests), DisableParallelization = true), Collection(nameof(LateFinalizersTests))]
public sealed class LateFinalizersTests
{
    // Without them 28 to 44 calls failed on two busy processors. A thread that waits longer for a processor than finalizers wait is not helped: that left up to two.
    [Fact]
    public void Scalars_outlive_the_operations_that_read_them_while_threads_collect() => Check(computing: 6, allocating: 0, most: 8);

    // As a notebook's kernel does, which draws a training's curve beside it. In three runs without them 5, 3 and 3 calls failed on two busy processors, with them 0, 1 and 0.
    [Fact]
    public void Scalars_outlive_the_operations_of_one_thread_while_others_allocate() => Check(computing: 1, allocating: 5, most: 3);

    private static void Check(int computing, int allocating, int most)
    {
        var law = new StandardNormal(3);
        var x = zeros(4, 3);
        var wanted = law.LogProb(x).data<float>().ToArray();
        var (failed, calls) = (0, 0);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, computing).Select(_ => new Thread(Compute)), .. Enumerable.Range(0, allocating).Select(_ => new Thread(Allocate))];
        foreach (var thread in threads) thread.Start();
        while (clock.Elapsed.TotalSeconds < 10)
        {
            GC.Collect(0);
            Thread.Sleep(200);
        }
        foreach (var thread in threads) thread.Join();
        Assert.True(calls > 1000, $"Only {calls} calls were made.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{failed} of {calls} calls failed.");
        Assert.True(failed <= most, $"{failed} of {calls} calls failed.");

        void Compute()
        {
            while (clock.Elapsed.TotalSeconds < 10)
            {
                using var scope = NewDisposeScope();
                try
                {
                    if (!((law.LogProb(x) + 1) * 2 / 2 - 1).data<float>().SequenceEqual(wanted)) Interlocked.Increment(ref failed);
                }
                catch (System.Runtime.InteropServices.ExternalException)
                {
                    Interlocked.Increment(ref failed);
                }
                Interlocked.Increment(ref calls);
            }
        }

        void Allocate()
        {
            while (clock.Elapsed.TotalSeconds < 10)
            {
                for (int i = 0; i < 2000; i++) GC.KeepAlive(new byte[1000]);
                Thread.SpinWait(200_000);                       // some ten collections a second: more of them would leave the computing thread no time beside a large heap
            }
        }
    }
}
