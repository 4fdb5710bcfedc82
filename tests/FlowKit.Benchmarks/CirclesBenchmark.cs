using FlowKit.Models;
using FlowKit.Transforms;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Draws of flows on the torus by the map of their angles, against circular splines of 16 bins: two layers coupled or autoregressive, 10,000 draws, one thread.</summary>
internal static class CirclesBenchmark
{
    private const int Draws = 10_000;

    public static void Run()
    {
        Runtime.Threads = 1;
        var maps = new CircleMap[] { new CircularRationalQuadraticMap(16, Rotates: true), new MoebiusMap(12, Rotates: true), new NonCompactProjectionMap(12, Rotates: true), new MoebiusMap(1, Rotates: true) };
        var kinds = new (string Name, Func<CircleMap, Flow> Make)[]
        {
            ("coupled", map => TorusFlow.Create(2, layers: 2, map: map)),
            ("autoregressive", map => TorusFlow.Autoregressive(2, layers: 2, map: map)),
            ("inverse autoregressive", map => TorusFlow.Autoregressive(2, layers: 2, map: map, inverse: true)),
        };
        foreach (var (name, make) in kinds)
        {
            Console.WriteLine($"\n| {name}, D = 2 | draws/s | to splines | log-probs/s | to splines |\n|---|---|---|---|---|");
            var rates = maps.Select(map => Measure(make(map))).ToArray();
            foreach (var (map, rate) in maps.Zip(rates))
                Console.WriteLine($"| {map} | {rate.Draws / 1e3:N0} k | {rate.Draws / rates[0].Draws:F2} | {rate.LogProbs / 1e3:N0} k | {rate.LogProbs / rates[0].LogProbs:F2} |");
        }
    }

    private static (double Draws, double LogProbs) Measure(Flow flow)
    {
        Runtime.Seed(0);
        using var none = no_grad();
        foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.1);
        using var x = flow.Sample(Draws);
        return (Draws / Stopwatches.Seconds(() => flow.Sample(Draws).Dispose()), Draws / Stopwatches.Seconds(() => flow.LogProb(x).Dispose()));
    }
}
