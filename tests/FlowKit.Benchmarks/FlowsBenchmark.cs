using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Benchmarks;

/// <summary>Training steps, log-probs and samples a second of three flows.</summary>
internal static class FlowsBenchmark
{
    private const int LargeBatch = 4096;
    private const double QuietLoad = 1.3;

    private static readonly FlowCase[] Cases =
    [
        new("RealNVP, 2-D, 8 affine couplings of 2 x 64", () => RealNvp.Create(2, layers: 8), 256, new(434, 1.08e6, 0.67e6), Rates.Unknown),
        new("MAF, 63-D, 5 layers of 2 x 512", () => Maf.Create(63, layers: 5, hidden: [512, 512]), 256, new(50, 68e3, 14.1e3), new(9.4, double.NaN, 282)),
        new("Spline flow, 2-D, 4 couplings of 2 x 64, 8 bins", () => SplineFlow.Create(2), 256, Rates.Unknown, Rates.Unknown),
    ];

    public static void Run()
    {
        Console.WriteLine($"Per second (of processor time on one thread, of wall time on two), medians. 'products': the part of the time that the matrix products alone would take. Load {Clock.Load}.");
        foreach (var flow in Cases)
        {
            Console.WriteLine($"\n### {flow.Name}\n");
            Console.WriteLine("| threads | what | batch | ours | aim | of the aim | peer | of the peer | products |");
            Console.WriteLine("|--:|---|--:|--:|--:|--:|--:|--:|--:|");
            Measure(flow, threads: 1);
            if (Clock.Load < QuietLoad) Measure(flow, threads: 2);
            else Console.WriteLine($"\nTwo threads are left out: the machine is busy (load {Clock.Load}), and threads that wait for each other then measure nothing but that.");
        }
        Console.WriteLine($"\nLoad {Clock.Load}.");
    }

    private static void Measure(FlowCase it, int threads)
    {
        using var scope = NewDisposeScope();
        int before = Runtime.Threads;
        Runtime.Threads = threads;
        Runtime.Seed(0);
        var flow = it.Make();
        var (aims, peer) = threads == 1 ? (it.Aims, it.Peer) : (Rates.Unknown, Rates.Unknown);
        try
        {
            var x = flow.Base.Sample(it.Batch);
            var products = new Products(flow, it.Batch);
            double forward = Clock.Seconds(products.Forward), backward = Clock.Seconds(products.Backward);
            Row(threads, "training steps", it.Batch, 1, Step(flow, x, threads), aims.Steps, peer.Steps, forward + backward);
            foreach (int batch in (int[])[it.Batch, LargeBatch])
            {
                using var none = no_grad();
                using var inner = NewDisposeScope();
                var data = flow.Base.Sample(batch);
                var alone = new Products(flow, batch);
                double least = Clock.Seconds(alone.Forward);
                Row(threads, "log-probs", batch, batch, Clock.Seconds(() => flow.LogProb(data)), aims.LogProbs, peer.LogProbs, least);
                Row(threads, "samples", batch, batch, Clock.Seconds(() => flow.Sample(batch)), aims.Samples, peer.Samples, least);
            }
        }
        finally
        {
            Runtime.Threads = before;
        }
    }

    private static double Step(Flow flow, Tensor x, int threads)
    {
        const int Steps = 20;
        var options = new FitOptions { Steps = Steps, Threads = threads, LearningRate = 1e-4 };
        return Clock.Seconds(() => Trainer.Fit(flow, () => -flow.LogProb(x).mean(), options)) / Steps;
    }

    private static void Row(int threads, string what, int batch, int events, double seconds, double aim, double peer, double products)
    {
        double rate = events / seconds;
        Console.WriteLine($"| {threads} | {what} | {batch} | {rate:N0} | {Show(aim)} | {Ratio(rate / aim)} | {Show(peer)} | {Ratio(rate / peer)} | {products / seconds:P0} |");

        static string Show(double value) => double.IsNaN(value) ? "" : value.ToString("N0");
        static string Ratio(double value) => double.IsNaN(value) ? "" : value.ToString("F2");
    }
}
