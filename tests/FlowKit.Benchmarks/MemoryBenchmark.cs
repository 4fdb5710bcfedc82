using FlowKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Resident memory: a training must not grow, and a density of many points or many samples must not need memory in proportion to them, results aside.</summary>
internal static class MemoryBenchmark
{
    private const int Settled = 200, Steps = 2000, ImageSteps = 600;
    private const int Many = 1_000_000, ManyImages = 10_000, VeryMany = 10_000_000;
    private const int Calls = 10_000, SettledCalls = 100;

    public static void Run(Settings settings)
    {
        var device = Runtime.Device(settings.Device);
        Console.WriteLine(Machine.Description);
        Loop(device);
        Console.WriteLine("\n| MB, one thread | training, settled | grows after that by | log-probs, their number | grow by | of which the result | samples grow by | of which the result |\n|---|---|---|---|---|---|---|---|");
        foreach (var subject in Subject.Flows.Where(subject => settings.Wants(subject.Key))) Measure(subject, device, Many, Steps);
        foreach (var subject in Subject.Images.Where(subject => settings.Wants(subject.Key))) Measure(subject, device, ManyImages, ImageSteps);
        if (settings.Wants("a")) Measure(Subject.Flows[0], device, VeryMany, Steps);
    }

    // What a user writes: no scope, nothing disposed, every result a graph.
    private static void Loop(Device device)
    {
        Runtime.Seed(0);
        Runtime.Threads = 1;
        using var flow = RealNvp.Create(2, layers: 8);
        flow.to(device);
        using var x = randn(256, 2, device: device);
        double settled = 0;
        for (int call = 1; call <= Calls; call++)
        {
            var logProb = flow.LogProb(x);
            if (call == SettledCalls) settled = Resident.Now;
            GC.KeepAlive(logProb);
        }
        Console.WriteLine($"{Calls:N0} log-probs of 256 points, (a), nothing disposed: {settled:N0} MB after {SettledCalls}, {Resident.Now - settled:+0.0;-0.0} MB after that");
    }

    private static void Measure(Subject subject, Device device, int count, int steps)
    {
        using var scope = NewDisposeScope();
        var ours = new Ours(subject, device, threads: 1);
        var (settled, grown) = Training(ours, steps);

        using var none = no_grad();
        var points = ours.Batch(count);
        Tensor? logProbs = null, samples = null;
        double? density = Resident.Growth(() => logProbs = ours.Flow.LogProb(points));
        points.Dispose();
        double? sampling = Resident.Growth(() => samples = ours.Flow.Sample(count));
        Console.WriteLine($"| {subject.Name} | {settled:N0} | {grown:+0.0;-0.0} | {count:N0} | {Resident.Show(density)} | {Megabytes(logProbs!):N0} | {Resident.Show(sampling)} | {Megabytes(samples!):N0} |");
    }

    private static (double Settled, double Grown) Training(Ours ours, int steps)
    {
        double settled = 0;
        ours.Train(steps, step => settled = step == Settled ? Resident.Now : settled);
        return (settled, Resident.Now - settled);
    }

    private static double Megabytes(Tensor t) => t.numel() * t.element_size() / 1048576.0;
}
