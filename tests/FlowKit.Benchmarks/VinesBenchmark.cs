using System.Diagnostics;
using FlowKit.Copulas;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>A vine of ten variables on 10,000 rows, its pair copulas Student's, Clayton's, Gumbel's, Frank's and Gaussian in turn: the log-likelihood, draws and the fit, and where the time goes.</summary>
internal static class VinesBenchmark
{
    private const int Dimensions = 10, Rows = 10_000;

    public static void Run()
    {
        Runtime.Seed(0);
        var structure = VineStructure.DVine([.. Enumerable.Range(0, Dimensions)]);
        int index = 0;
        var vine = new VineCopula(structure, [.. structure.Trees.Select((tree, level) => tree.Select(_ => Pair(index++, 0.5 / (level + 1))).ToArray())]);
        vine.to(float64);
        using var x = vine.Sample(Rows);

        Console.WriteLine($"\n| {Dimensions} variables, {Rows:N0} rows, {vine.Edges.Count} edges | 1 thread, s | 2 threads, s |\n|---|---|---|");
        Row("log-likelihood", threads => { Runtime.Threads = threads; vine.LogLikelihood(x); });
        Row($"{Rows:N0} draws", threads => { Runtime.Threads = threads; vine.Sample(Rows).Dispose(); });
        Row("fit, all families, trees given", threads => Fit(new() { Structure = structure, Threads = threads }), once: true);
        Row("fit, all families, trees searched", threads => Fit(new() { Threads = threads }), once: true);

        Console.WriteLine($"\n| density and both h-functions of {Rows:N0} pairs, 1 thread | ms |\n|---|---|");
        Runtime.Threads = 1;
        var (u, v) = (x.select(1, 0), x.select(1, 1));
        foreach (var pair in Enumerable.Range(0, 5).Select(i => Pair(i, 0.4)).Append(new(new Joe(), 1.8)).Append(new(new BB1(), 0.5, 1.5)).Append(new(new BB7(), 1.5, 1)))
            Console.WriteLine($"| {pair.Family.GetType().Name} | {1000 * Stopwatches.Seconds(() => Joint(pair)):F1} |");

        Console.WriteLine($"\n| fit of one pair, {Rows:N0} rows, 1 thread | ms |\n|---|---|");
        using var two = x.narrow(1, 0, 2).contiguous();
        foreach (var family in new PairFitOptions().Families)
        {
            var watch = Stopwatch.StartNew();
            PairFit.Select(two, new() { Families = [family], IndependenceLevel = 0 });
            Console.WriteLine($"| {family.GetType().Name} | {watch.Elapsed.TotalMilliseconds:F0} |");
        }

        void Joint(PairCopula pair)
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            pair.Joint(u, v, first: true, second: true);
        }

        void Fit(VineFitOptions options)
        {
            var fitted = VineCopula.Fit(x, options);
            Console.Error.WriteLine($"{fitted.LogLikelihood(x) / Rows:F4} nats a row, the truth {vine.LogLikelihood(x) / Rows:F4}");
        }

        static void Row(string what, Action<int> run, bool once = false)
        {
            double[] seconds = [.. new[] { 1, 2 }.Select(threads =>
            {
                if (!once) return Stopwatches.Seconds(() => run(threads));
                var watch = Stopwatch.StartNew();
                run(threads);
                return watch.Elapsed.TotalSeconds;
            })];
            Console.WriteLine($"| {what} | {seconds[0]:F2} | {seconds[1]:F2} |");
        }
    }

    private static PairCopula Pair(int index, double tau) => (index % 5) switch
    {
        0 => new(new StudentCopula(), Math.Sin(Math.PI / 2 * tau), 4 + index % 7),
        1 => new(new Clayton(), new Clayton().FromTau(tau)),
        2 => new(new Gumbel(), new Gumbel().FromTau(tau)),
        3 => new(new Frank(), new Frank().FromTau(tau)),
        _ => new(new GaussianCopula(), new GaussianCopula().FromTau(tau)),
    };
}
