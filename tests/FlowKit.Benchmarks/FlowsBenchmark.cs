using System.Diagnostics;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Three flows against the fastest peer of each (PyTorch on a quiet machine of two cores, one thread, batch 256).</summary>
internal static class FlowsBenchmark
{
    private const int Batch = 256;

    private static readonly Contender[] Contenders =
    [
        new("(a) RealNVP 2-D, 8 x (2x64)", () => RealNvp.Create(2, layers: 8), new GaussianRing(), Steps: 300, Peer: (217, 0.54e6, 0.67e6), Aim: (2, 2, 1)),
        new("(b) MAF 63-D, 5 x (2x512)", () => Maf.Create(63, layers: 5, hidden: [512, 512]), new StandardNormal(63), Steps: 40, Peer: (25, 34e3, 282), Aim: (2, 2, 50)),
        new("(c) RQ-spline 2-D, 4 x (2x64), 8 bins", () => SplineFlow.Create(2, layers: 4, bins: 8), new TwoMoons(), Steps: 200, Peer: (130, 0.37e6, 0.35e6), Aim: (3, 2, 1)),
    ];

    public static void Run()
    {
        foreach (int threads in (int[])[1, 2])
        {
            Console.WriteLine($"\n| {threads} thread{(threads > 1 ? "s" : "")}, batch {Batch} | ours | peer | ratio | aim | |\n|---|---|---|---|---|---|");
            foreach (var contender in Contenders) Measure(contender, threads);
        }
        Runtime.Threads = 1;
    }

    private static void Measure(Contender contender, int threads)
    {
        Runtime.Seed(0);
        Runtime.Threads = threads;
        var flow = contender.Make();
        var data = contender.Data.Sample(10_000);
        var options = new FitOptions { Steps = contender.Steps, BatchSize = Batch, Threads = threads };
        Trainer.Fit(flow, data, options: options);
        double step = Enumerable.Range(0, 5).Select(_ => Time(() => Trainer.Fit(flow, data, options: options)) / contender.Steps).Order().ElementAt(2);

        Runtime.Threads = threads;
        var batch = data.narrow(0, 0, Batch);
        double logProb, sample, products = MatrixProducts(flow);
        using (no_grad())
        {
            logProb = Stopwatches.Seconds(() => flow.LogProb(batch).Dispose());
            sample = Stopwatches.Seconds(() => flow.Sample(Batch).Dispose());
        }

        Row($"{contender.Name}: training steps/s", 1 / step, contender.Peer.Steps, contender.Aim.Steps, $"{products / step:P0} of a step are matrix products");
        Row("log-probs/s", Batch / logProb, contender.Peer.LogProbs, contender.Aim.LogProbs, "");
        Row("samples/s", Batch / sample, contender.Peer.Samples, contender.Aim.Samples, $"a sample takes {sample / logProb:F1} log-probs");
    }

    // What no implementation can avoid: x Wᵀ forward, gᵀ x and g W backward, for each weight.
    private static double MatrixProducts(Flow flow)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var products = flow.parameters().Where(weight => weight.Dimensions == 2)
            .Select(weight => (W: weight.detach(), X: randn(Batch, weight.size(1)), G: randn(Batch, weight.size(0)))).ToArray();
        return Stopwatches.Seconds(() =>
        {
            foreach (var (w, x, g) in products)
            {
                using var inner = NewDisposeScope();
                x.mm(w.t());
                g.t().mm(x);
                g.mm(w);
            }
        });
    }

    private static void Row(string what, double ours, double peer, double aim, string remark) =>
        Console.WriteLine($"| {what} | {Show(ours)} | {Show(peer)} | {ours / peer:F2} | {aim:F0}: {(ours / peer >= aim ? "met" : "missed")} | {remark} |");

    private static string Show(double rate) => rate >= 1e4 ? $"{rate / 1e3:N0} k" : $"{rate:N0}";

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private sealed record Contender(
        string Name, Func<Flow> Make, Distribution Data, int Steps, (double Steps, double LogProbs, double Samples) Peer, (double Steps, double LogProbs, double Samples) Aim);
}
