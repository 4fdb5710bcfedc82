using TorchSharp;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Three flows against the peers of <c>peers.py</c> and against their bare matrix products: training, density and samples, on one thread and on two.</summary>
internal static class FlowsBenchmark
{
    private const int Small = 256, Large = 10_000;

    public static void Run(Settings settings) => Contest.Run(settings, Subject.Flows, Measure);

    private static void Measure(Contest contest, Subject subject, Device device, int threads, IReadOnlyList<Peer> peers)
    {
        using var scope = NewDisposeScope();
        var ours = new Ours(subject, device, threads);

        contest.Row($"{subject.Name}: training steps", 1, ours.Train, Products(Small, isTraining: true), Peers("train"));
        foreach (int rows in (int[])[Small, Large])
            contest.Row($"log-probs, {rows:N0} at once", rows, () => ours.LogProb(rows), Products(rows), Peers($"logprob:{rows}"));
        foreach (int rows in (int[])[Small, Large])
            contest.Row($"samples, {rows:N0} at once", rows, () => ours.Sample(rows), Products(rows), IsSlow(rows) ? [] : Peers($"sample:{rows}"));

        // By libtorch, also on fewer threads, which is faster where the products are small; and by the tile kernels.
        IReadOnlyList<Func<double>> Products(int rows, bool isTraining = false)
        {
            var products = new MatrixProducts(ours.Flow, rows, device);
            var ways = Enumerable.Range(1, threads).Select(count => Way(isTraining ? products.Train : products.Forward, count)).ToList();
            if (device.type == DeviceType.CPU)
            {
                var tiles = new TileProducts(ours.Flow, rows, threads);
                ways.Add(Way(isTraining ? tiles.Train : tiles.Forward, threads));
            }
            return ways;
        }

        Func<double> Way(Action products, int count) => () =>
        {
            using var none = no_grad();
            Runtime.Threads = count;
            double seconds = ours.Turn(products);
            Runtime.Threads = threads;
            return seconds;
        };

        IReadOnlyList<(string, Func<double>)> Peers(string item) => Peer.Contenders(peers, subject, item);

        // A peer's MAF takes one density pass for each feature.
        bool IsSlow(int rows) => subject.Key == "b" && rows == Large;
    }
}
