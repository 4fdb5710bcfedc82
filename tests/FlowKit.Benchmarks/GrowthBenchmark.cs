using FlowKit.Models;

namespace FlowKit.Benchmarks;

/// <summary>Time against dimension and batch, density and sampling, of coupling and autoregressive flows.</summary>
internal static class GrowthBenchmark
{
    private const int Layers = 2, Batch = 256, Dimension = 64;

    private static readonly (string Name, Func<int, Flow> Make)[] Flows =
    [
        ("coupling", features => RealNvp.Create(features, layers: Layers, hidden: [256, 256])),
        ("autoregressive", features => Maf.Create(features, layers: Layers, hidden: [256, 256])),
    ];

    public static void Run()
    {
        int before = Runtime.Threads;
        Runtime.Threads = 1;
        Runtime.Seed(0);
        try
        {
            Table($"dimension (batch {Batch})", [8, 16, 32, 64, 128, 256, 512], features => (features, Batch));
            Table($"batch (dimension {Dimension})", [1, 8, 64, 512, 4096, 8192], batch => (Dimension, batch));
        }
        finally
        {
            Runtime.Threads = before;
        }
    }

    private static void Table(string what, int[] values, Func<int, (int Features, int Batch)> setting)
    {
        Console.WriteLine($"\n{Layers} layers of 2 x 256, one thread, milliseconds a call, load {Clock.Load}\n");
        Console.WriteLine($"| {what} | {string.Join(" | ", Flows.Select(flow => $"{flow.Name}: density | sampling | sampling / density"))} |");
        Console.WriteLine($"|--:{string.Concat(Flows.Select(_ => "|--:|--:|--:"))}|");
        foreach (int value in values)
        {
            var (features, batch) = setting(value);
            Console.WriteLine($"| {value} | {string.Join(" | ", Flows.Select(flow => Cells(flow.Make(features), batch)))} |");
        }
    }

    private static string Cells(Flow flow, int batch)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var x = flow.Base.Sample(batch);
        double density = Clock.Seconds(() => flow.LogProb(x)), sampling = Clock.Seconds(() => flow.Sample(batch));
        return $"{1e3 * density:F2} | {1e3 * sampling:F2} | {sampling / density:F2}";
    }
}
