using FlowKit.Models;
using FlowKit.Transforms;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>What a draw of a masked autoregressive flow costs in density passes, by its map: 63-D, 5 layers of 2x512, batch 256, one thread.</summary>
internal static class InverseBenchmark
{
    private const int Batch = 256;

    public static void Run()
    {
        Runtime.Threads = 1;
        Console.WriteLine("\n| map | a log-prob, ms | a draw, ms | ratio |\n|---|---|---|---|");
        foreach (var map in (ElementwiseMap[])[new AffineMap(), new RationalQuadraticMap(), new LogisticMixtureMap(8)])
        {
            Runtime.Seed(0);
            using var none = no_grad();
            var flow = Maf.Create(63, layers: 5, hidden: [512, 512], map: map);
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.02);
            var x = randn(Batch, 63);
            double logProb = Stopwatches.Seconds(() => flow.LogProb(x).Dispose()), sample = Stopwatches.Seconds(() => flow.Sample(Batch).Dispose());
            Console.WriteLine($"| {map} | {logProb * 1e3:F1} | {sample * 1e3:F1} | {sample / logProb:F1} |");
        }
    }
}
