using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Benchmarks;

/// <summary>A training must not grow: native memory that waits for finalizers is the classic leak of a managed training loop.</summary>
internal static class MemoryBenchmark
{
    private const int Steps = 2000, Settled = 200;

    public static void Run()
    {
        Runtime.Seed(0);
        Measure("RealNVP 2-D, 8 affine couplings of 2x64, batch 256", RealNvp.Create(2, layers: 8), new GaussianRing());
        Measure("MAF 63-D, 5 layers of 2x512, batch 256", Maf.Create(63, layers: 5, hidden: [512, 512]), new StandardNormal(63));
    }

    private static void Measure(string name, Flow flow, Distribution source)
    {
        var (settled, peak) = (0L, 0L);
        int step = 0;
        Trainer.Fit(flow, () =>
        {
            if (++step == Settled) settled = Environment.WorkingSet;
            if (step > Settled && step % 50 == 0) peak = Math.Max(peak, Environment.WorkingSet);
            return -flow.LogProb(source.Sample(256)).mean();
        }, new FitOptions { Steps = Steps, Threads = 1 });
        long end = Environment.WorkingSet;
        Console.WriteLine($"{name}: {settled >> 20} MB after {Settled} steps, {end >> 20} MB after {Steps} (peak {peak >> 20}): {(end - settled) / 1048576.0:+0.0;-0.0} MB");
    }
}
