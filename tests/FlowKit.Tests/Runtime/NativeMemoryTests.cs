using FlowKit.Models;

namespace FlowKit.Tests;

/// <summary>Loops that dispose nothing, each result with a graph of some 20 MB: without collections in time they take over a gigabyte.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true), Collection(nameof(NativeMemoryTests))]       // they measure the memory of the process
public class NativeMemoryTests
{
    private const int Calls = 60;
    private const long Bound = 400L << 20;

    private readonly Flow flow = Maf.Create(63, layers: 5, hidden: [256, 256]);
    private readonly Tensor x = randn(1000, 63);

    [Fact]
    public void A_call_holds_as_much_as_these_tests_need()
    {
        long before = Settled();
        var held = Enumerable.Range(0, 4).Select(_ => flow.LogProb(x)).ToList();
        Assert.True(NativeMemory.InUse - before > held.Count * (Bound / Calls) * 2, $"{NativeMemory.InUse - before} bytes");
        GC.KeepAlive(held);
    }

    [Fact]
    public void A_loop_that_disposes_nothing_keeps_its_memory() => Assert.InRange(Growth(_ => flow.LogProb(x)), 0, Bound);

    [Fact]
    public void So_does_one_that_keeps_its_last_results()
    {
        var kept = new Queue<Tensor>();
        Assert.InRange(Growth(_ =>
        {
            kept.Enqueue(flow.LogProb(x));
            if (kept.Count > 4) kept.Dequeue();
        }), 0, Bound);
    }

    [Fact]
    public void So_does_one_with_garbage_of_its_own_and_draws_through_the_layers()
    {
        Assert.InRange(Growth(i =>
        {
            var (z, logDet) = flow.Transform.Forward(x);
            _ = new byte[100_000 + i].Length + z.size(0) + logDet.size(0);
        }), 0, Bound);
    }

    [Fact]
    public void Many_points_need_the_memory_of_a_block()
    {
        var small = RealNvp.Create(2, layers: 2, hidden: [64]);
        small.eval();
        var points = randn(1_000_000, 2);
        using var none = no_grad();
        long before = Settled(), most = 0;
        using var ends = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            while (!ends.Wait(1)) most = Math.Max(most, NativeMemory.InUse);
        });
        watch.Start();
        small.LogProb(points).Dispose();
        small.Sample(points.size(0)).Dispose();
        ends.Set();
        watch.Join();
        Assert.InRange(most - before, 4 << 20, 64 << 20);         // one hidden layer of all points has 256 MB
    }

    [Fact]
    public void Calls_without_gradients_that_dispose_nothing_stay_within_50_megabytes()
    {
        var small = RealNvp.Create(2, layers: 2, hidden: [16]);
        var points = randn(64, 2);
        using var none = no_grad();
        for (int i = 0; i < 100; i++) small.LogProb(points);
        long before = InUse(), most = 0;
        for (int i = 0; i < 4000; i++)
        {
            small.LogProb(points);
            if (i % 50 == 0) most = Math.Max(most, InUse());
        }
        Assert.InRange(most - before, 0, 50 << 20);

        static long InUse() => NativeMemory.InUse + GC.GetTotalMemory(false);
    }

    // The most that was in use beyond the beginning, after the first calls have settled.
    private static long Growth(Action<int> call)
    {
        for (int i = 0; i < 3; i++) call(i);
        long before = Settled(), most = 0;
        for (int i = 0; i < Calls; i++)
        {
            call(i);
            most = Math.Max(most, NativeMemory.InUse);
        }
        return Math.Max(0, most - before);
    }

    // In use when nothing waits for its finalizer, whatever other tests left.
    private static long Settled()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return NativeMemory.InUse;
    }
}
