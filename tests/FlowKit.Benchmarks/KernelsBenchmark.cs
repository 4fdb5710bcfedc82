using System.Diagnostics;
using System.Numerics;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Matrix products of the tile kernels against libtorch's, in rounds that take turns: GFLOP/s, and the median of the rounds' ratios.</summary>
internal static unsafe class KernelsBenchmark
{
    private const int Rounds = 11;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(40);

    public static void Run()
    {
        Console.WriteLine("\n| what | threads | precision | batch x inputs x outputs | libtorch, GFLOP/s | tiles, GFLOP/s | ratio |\n|---|---|---|---|---|---|---|");
        foreach (int threads in Environment.ProcessorCount > 1 ? new[] { 1, 2 } : [1])
        {
            Runtime.Threads = threads;
            foreach (var (batch, inputs, outputs) in new[] { (256, 64, 64), (9984, 64, 64), (256, 512, 512), (9984, 512, 512) })
            {
                Products<float>(threads, ScalarType.Float32, batch, inputs, outputs, isMade: false);
                Products<double>(threads, ScalarType.Float64, batch, inputs, outputs, isMade: false);
            }
            Products<float>(threads, ScalarType.Float32, 256, 512, 512, isMade: true);
        }
        Runtime.Threads = 1;
    }

    private static void Products<T>(int threads, ScalarType dtype, int batch, int inputs, int outputs, bool isMade) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        bool[]? mask = isMade ? [.. Enumerable.Range(0, outputs * inputs).Select(i => i % inputs * 63 / inputs <= i / inputs * 63 / outputs)] : null;
        var layer = new TileLinear(outputs, inputs, mask);
        int tiles = Tile.Count(batch), parts = threads == 1 ? 1 : Math.Min(tiles, 4 * threads);
        nint xStep = (nint)inputs * Tile.Lanes, yStep = (nint)outputs * Tile.Lanes;

        Tensor weight = randn(outputs, inputs, dtype), bias = randn(outputs, dtype), x = randn(batch, inputs, dtype), g = randn(batch, outputs, dtype), gw = empty(outputs, inputs, dtype), gb = empty(outputs, dtype);
        Tensor xs = randn(tiles, inputs, Tile.Lanes, dtype), ys = empty(tiles, outputs, Tile.Lanes, dtype), gs = randn(tiles, outputs, Tile.Lanes, dtype), gx = empty_like(xs), turned = empty(tiles * (long)layer.TransposedStep, dtype);
        T* w = At<T>(weight), b = At<T>(bias), px = At<T>(xs), py = At<T>(ys), pg = At<T>(gs), pgx = At<T>(gx), pt = At<T>(turned), pgw = At<T>(gw), pgb = At<T>(gb);
        (int From, int Count) Slice(int part) => (part * tiles / parts, (part + 1) * tiles / parts - part * tiles / parts);

        string shape = $"{batch}x{inputs}x{outputs}{(isMade ? " staircase" : "")}";
        double flop = 2.0 * batch * inputs * outputs;
        Row("y = relu(W x + b)", () => nn.functional.linear(x, weight, bias).relu_().Dispose(), () => Team.Run(parts, part =>
        {
            var (from, count) = Slice(part);
            layer.Forward(w, b, px + from * xStep, xStep, py + from * yStep, yStep, count, Gate.Relu);
        }, threads));
        Row("gx = Wᵀ gy", () => g.mm(weight).Dispose(), () => Team.Run(parts, part =>
        {
            var (from, count) = Slice(part);
            layer.InputGradient(w, pg + from * yStep, yStep, pgx + from * xStep, xStep, count);
        }, threads));
        Row("gW = gy xᵀ, gb", () =>
        {
            g.t().mm(x).Dispose();
            g.sum(dim: 0).Dispose();
        }, () =>
        {
            Team.Run(parts, part =>
            {
                var (from, count) = Slice(part);
                layer.Transpose(px + from * xStep, xStep, count, pt + from * layer.TransposedStep, layer.TransposedStep);
            }, threads);
            Team.Run(threads, part => layer.WeightGradient(pg, yStep, pt, layer.TransposedStep, tiles, pgw, pgb, add: false, part, threads), threads);
        });

        void Row(string what, Action theirs, Action ours)
        {
            Repeat(theirs);
            Repeat(ours);
            var rounds = Enumerable.Range(0, Rounds).Select(_ => (Theirs: Repeat(theirs), Ours: Repeat(ours))).ToArray();
            double Median(Func<(double Theirs, double Ours), double> of) => rounds.Select(of).Order().ElementAt(Rounds / 2);
            Console.WriteLine($"| {what} | {threads} | {dtype} | {shape} | {flop / Median(r => r.Theirs) / 1e9:F0} | {flop / Median(r => r.Ours) / 1e9:F0} | {Median(r => r.Theirs / r.Ours):F2} |");
        }
    }

    private static double Repeat(Action call)
    {
        var clock = Stopwatch.StartNew();
        int calls = 0;
        do
        {
            call();
            calls++;
        }
        while (clock.Elapsed < Round);
        return clock.Elapsed.TotalSeconds / calls;
    }

    private static T* At<T>(Tensor tensor) where T : unmanaged
    {
        fixed (byte* at = tensor.bytes) return (T*)at;
    }
}
