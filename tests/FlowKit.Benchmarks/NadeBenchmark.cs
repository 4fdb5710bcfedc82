using FlowKit.Conditioners;
using FlowKit.Distributions;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>How the time of a NADE grows with the number of features, for density and for a training step: linearly, as its recursion promises. One thread.</summary>
internal static class NadeBenchmark
{
    private const int Hidden = 500, Batch = 100;
    private const double Aim = 1.3;
    private static readonly long[] Dimensions = [64, 128, 256, 512, 1024];

    public static void Run()
    {
        Runtime.Seed(0);
        Runtime.Threads = 1;
        Console.WriteLine($"\n| NADE, H = {Hidden}, batch {Batch}: ms | {string.Join(" | ", Dimensions.Select(d => $"D = {d}"))} | slope |");
        Console.WriteLine($"|---|{string.Concat(Dimensions.Select(_ => "---|"))}---|");
        Row("density", (law, x) => Density(law, x));
        Row("training step's gradients", Step);
        Row("sampling", (law, _) => Sampling(law));
    }

    private static void Row(string name, Action<Autoregressive, Tensor> call)
    {
        double[] times = [.. Dimensions.Select(Time)];
        double slope = Slope([.. Dimensions.Select(d => Math.Log(d))], [.. times.Select(time => Math.Log(time))]);
        Console.WriteLine($"| {name} | {string.Join(" | ", times.Select(time => $"{time * 1e3:F1}"))} | {slope:F2} (aim <= {Aim}: {(slope <= Aim ? "met" : "missed")}) |");

        double Time(long features)
        {
            var law = new Autoregressive(new Bernoulli(), new Nade(features, 1, Hidden));
            using var x = randint(0, 2, [Batch, features]).to(float32);
            return Stopwatches.Seconds(() => call(law, x));
        }
    }

    private static void Density(Autoregressive law, Tensor x)
    {
        using var none = no_grad();
        law.LogProb(x).Dispose();
    }

    private static void Step(Autoregressive law, Tensor x)
    {
        using var scope = NewDisposeScope();
        law.zero_grad();
        law.LogProb(x).mean().backward();
    }

    private static void Sampling(Autoregressive law) => law.Sample(Batch).Dispose();

    // Of the least-squares line.
    private static double Slope(double[] x, double[] y)
    {
        double mean = x.Average(), middle = y.Average();
        return x.Zip(y, (a, b) => (a - mean) * (b - middle)).Sum() / x.Sum(a => (a - mean) * (a - mean));
    }
}
