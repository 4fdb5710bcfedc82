using System.Diagnostics;
using FlowKit.Models;
using FlowKit.Training;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>What the Trainer costs over the shortest loop that trains the same model: the MAF of the flows' benchmark, one thread.</summary>
/// <remarks>
/// <para>Both loops draw their batches from the same data and take steps of Adam; the bare one knows nothing of clipping, schedules, finiteness, history or progress. It frees a step's
/// tensors, and collects every 16 steps, because without that it ends in a full memory. Its optimizer is torch's own, or the Trainer's, so that what the loop costs and what the
/// optimizer saves are told apart.</para>
/// <para>The three take turns, a block of steps each, so that a slower minute of the machine meets all of them; the medians of the blocks are compared, and the ratio is the
/// median of the turns' ratios.</para>
/// </remarks>
internal static class OverheadBenchmark
{
    private const int Batch = 256, Steps = 20, Turns = 15;
    private const double Aim = 0.03;

    public static void Run()
    {
        Runtime.Seed(0);
        Runtime.Threads = 1;
        using var data = randn(10_000, 63);
        Flow[] flows = [.. Enumerable.Range(0, 3).Select(_ => Maf.Create(63, layers: 5, hidden: [512, 512]))];
        var options = new FitOptions { Steps = Steps, BatchSize = Batch, Threads = 1 };
        using var adam = optim.Adam(flows[1].parameters(), lr: 1e-3);
        using var fused = new FusedOptimizer(flows[2].named_parameters(), Optimizer.Adam());

        Action[] loops =
        [
            () => Trainer.Fit(flows[0], data, options: options),
            () => Bare(flows[1], data, adam.zero_grad, () => adam.step()),
            () => Bare(flows[2], data, fused.Clear, () => fused.Step(1e-3, double.PositiveInfinity)),
        ];
        foreach (var loop in loops) loop();

        double[][] times = [.. Enumerable.Range(0, Turns).Select(turn => loops.Select(loop => Time(loop) / Steps).ToArray())];
        Console.WriteLine($"\n| MAF 63-D, 5 x (2x512), batch {Batch}, 1 thread | ms a step | Trainer against it |\n|---|---|---|");
        Console.WriteLine($"| the Trainer | {Median(times.Select(turn => turn[0])) * 1e3:F2} | |");
        Row("the bare loop with torch's Adam", 1);
        Row("the bare loop with the Trainer's Adam", 2);

        void Row(string name, int loop)
        {
            double overhead = Median(times.Select(turn => turn[0] / turn[loop])) - 1;
            Console.WriteLine($"| {name} | {Median(times.Select(turn => turn[loop])) * 1e3:F2} | {overhead:+0.0 %;-0.0 %} (aim < {Aim:P0}: {(overhead < Aim ? "met" : "missed")}) |");
        }
    }

    private static void Bare(Flow flow, Tensor data, Action clear, Action step)
    {
        flow.train();
        Tensor? order = null;
        for (int i = 0; i < Steps; i++)
        {
            using var scope = NewDisposeScope();
            order ??= randperm(data.size(0), dtype: int64).DetachFromDisposeScope();
            clear();
            var loss = -flow.LogProb(data.index_select(0, order.narrow(0, i * Batch, Batch))).mean();
            loss.backward();
            step();
            if ((i + 1) % 16 == 0) GC.Collect(0);
        }
        order?.Dispose();
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }
}
