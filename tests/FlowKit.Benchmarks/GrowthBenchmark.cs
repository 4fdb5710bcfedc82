using FlowKit.Models;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>How time grows with dimension and batch, for density and for sampling, on one thread.</summary>
internal static class GrowthBenchmark
{
    private static readonly int[] Dimensions = [8, 32, 128, 512];
    private static readonly int[] Batches = [1, 64, 1024, 8192];

    public static void Run()
    {
        Runtime.Threads = 1;
        Table("RealNVP, 4 couplings of 2x64", features => RealNvp.Create(features, layers: 4));
        Table("MAF, 4 layers of 2x(2 D, at least 64)", features => Maf.Create(features, layers: 4, hidden: [Math.Max(64, 2 * features), Math.Max(64, 2 * features)]));
    }

    private static void Table(string name, Func<int, Flow> make)
    {
        Console.WriteLine($"\n| {name}: ms for density / sampling | {string.Join(" | ", Batches.Select(batch => $"B = {batch}"))} |");
        Console.WriteLine($"|---|{string.Concat(Batches.Select(_ => "---|"))}");
        foreach (int features in Dimensions)
        {
            using var none = no_grad();
            var flow = make(features);
            Console.WriteLine($"| D = {features} | {string.Join(" | ", Batches.Select(batch => Cell(flow, batch)))} |");
        }
    }

    private static string Cell(Flow flow, int batch)
    {
        using var x = flow.Sample(batch);
        double density = Stopwatches.Seconds(() => flow.LogProb(x).Dispose()), sampling = Stopwatches.Seconds(() => flow.Sample(batch).Dispose());
        return $"{density * 1e3:F2} / {sampling * 1e3:F2}";
    }
}
