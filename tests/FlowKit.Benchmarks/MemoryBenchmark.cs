using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>A training must not grow: native memory that waits for finalizers is the classic leak of a managed training loop.</summary>
internal static class MemoryBenchmark
{
    private const int Steps = 2000, ImageSteps = 600, Settled = 200;

    public static void Run()
    {
        Runtime.Seed(0);
        Loop();
        Measure("RealNVP 2-D, 8 affine couplings of 2x64, batch 256", RealNvp.Create(2, layers: 8), new GaussianRing());
        Measure("MAF 63-D, 5 layers of 2x512, batch 256", Maf.Create(63, layers: 5, hidden: [512, 512]), new StandardNormal(63));

        var images = RealNvp.ForImages(new(1, 14, 14) { Scales = 2, Blocks = 1, Maps = 16 });
        using var clothes = FashionMnist.Split(14).Train.Images;
        Measure("RealNVP of 14x14 images, 2 scales of 16 maps, batch 64", images, () => clothes.index_select(0, randint(0, clothes.size(0), [64], dtype: int64, device: CPU)), () => RealNvp.ScaleDecay(images), ImageSteps);
    }

    // What a user writes: no scope, nothing disposed, every result a graph.
    private static void Loop()
    {
        using var flow = Maf.Create(63, layers: 5, hidden: [512, 512]);
        using var x = randn(2000, 63);
        List<long> resident = [];
        for (int call = 1; call <= 150; call++)
        {
            var logProb = flow.LogProb(x);
            if (call % 50 == 0) resident.Add(Environment.WorkingSet >> 20);
            GC.KeepAlive(logProb);
        }
        Console.WriteLine($"150 log-probs of a MAF (63-D, 5 layers of 2x512, 2,000 points), nothing disposed: {string.Join(", ", resident)} MB after 50, 100 and 150");
    }

    private static void Measure(string name, Flow flow, Distribution source) => Measure(name, flow, () => source.Sample(256), penalty: null, Steps);

    private static void Measure(string name, Flow flow, Func<Tensor> batch, Func<Tensor>? penalty, int steps)
    {
        var (settled, peak) = (0L, 0L);
        int step = 0;
        Trainer.Fit(flow, () =>
        {
            if (++step == Settled) settled = Environment.WorkingSet;
            if (step > Settled && step % 50 == 0) peak = Math.Max(peak, Environment.WorkingSet);
            return -flow.LogProb(batch()).mean();
        }, new FitOptions { Steps = steps, Threads = 1, Penalty = penalty });
        long end = Environment.WorkingSet;
        Console.WriteLine($"{name}: {settled >> 20} MB after {Settled} steps, {end >> 20} MB after {steps} (peak {peak >> 20}): {(end - settled) / 1048576.0:+0.0;-0.0} MB");
    }
}
