using FlowKit.Conditioners;
using FlowKit.Models;
using FlowKit.Transforms;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Where the time of a log-probability goes: each part of a coupling flow in 2 dimensions alone, one thread, batch 256.</summary>
/// <remarks>The parts are measured by themselves, so their sum is near the whole, not equal to it.</remarks>
internal static class ProfileBenchmark
{
    private const int Batch = 256, Width = 64;

    public static void Run()
    {
        Runtime.Seed(0);
        Runtime.Threads = 1;
        Print("(a) RealNVP 2-D, 8 x (2x64)", RealNvp.Create(2, layers: 8), layers: 8, new AffineMap());
        Print("(c) RQ-spline 2-D, 4 x (2x64), 8 bins", SplineFlow.Create(2, layers: 4, bins: 8), layers: 4, new RationalQuadraticMap(8, 5));
        GlowProfile.Print();
    }

    private static void Print(string name, Flow flow, int layers, ElementwiseMap map)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var x = randn(Batch, 2);
        double whole = Stopwatches.Seconds(() => flow.LogProb(x).Dispose());

        var one = randn(Batch, 1);
        var h = randn(Batch, Width);
        (Tensor W, Tensor X)[] products =
            [.. flow.parameters().Where(weight => weight.Dimensions == 2).Select(weight => (weight.detach().t(), randn(Batch, weight.size(1))))];
        var net = new Mlp(1, map.ParameterCount, [Width, Width]);
        var theta = randn(Batch, map.ParameterCount, 1);

        double matrices = Stopwatches.Seconds(() => Free(() => { foreach (var (w, input) in products) input.mm(w); }));
        double conditioners = layers * Stopwatches.Seconds(() => Free(() => net.Forward(one, null)));
        double maps = layers * Stopwatches.Seconds(() => Free(() => map.Forward(one, theta)));
        double splits = layers * Stopwatches.Seconds(() => Free(() => cat([x.narrow(1, 0, 1), x.narrow(1, 1, 1).contiguous()], dim: 1)));
        double floatingPoint = products.Sum(product => 2.0 * Batch * product.W.size(0) * product.W.size(1));
        double limit = Stopwatches.Seconds(() => Free(() => h.mm(products[1].W)));

        Console.WriteLine($"\n| {name}: one log-prob of {Batch} points | us | share |\n|---|---|---|");
        Row("the whole", whole);
        Row($"matrix products ({floatingPoint / matrices / 1e9:N0} GFLOP/s; the {Batch}x{Width}x{Width} ones alone {2.0 * Batch * Width * Width / limit / 1e9:N0})", matrices);
        Row("the conditioners' biases, activations and calls", conditioners - matrices);
        Row("the maps", maps);
        Row("taking features apart and together", splits);
        Row("the rest: sums, base density, checks, scopes", whole - conditioners - maps - splits);

        void Row(string part, double seconds) => Console.WriteLine($"| {part} | {seconds * 1e6:N0} | {seconds / whole:P0} |");
    }

    private static void Free(Action action)
    {
        using var scope = NewDisposeScope();
        action();
    }
}
