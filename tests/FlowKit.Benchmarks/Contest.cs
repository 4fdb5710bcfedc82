using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>A table of ours against the fastest peers and against what no implementation can avoid, measured in turns.</summary>
/// <param name="rounds">How often the contenders take turns.</param>
internal sealed class Contest(int rounds)
{
    // The fastest peers take part in the rounds: those of a few turns before.
    private const int Finalists = 2, Heats = 2;

    /// <summary>What a turn takes, at least.</summary>
    public static TimeSpan Block { get; } = TimeSpan.FromSeconds(0.1);

    // .NET compiles a method well when it has run for a while; a program's first second is not what is compared.
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(1);

    /// <summary>A table for each number of threads, of those models that are asked for; the peers take part where the work is done by the CPU.</summary>
    /// <param name="settings">What is asked for.</param>
    /// <param name="subjects">The models.</param>
    /// <param name="measure">Fills in the rows of one model, which lives on that device, on so many threads.</param>
    public static void Run(Settings settings, IEnumerable<Subject> subjects, Action<Contest, Subject, Device, int, IReadOnlyList<Peer>> measure)
    {
        var device = Runtime.Device(settings.Device);
        Console.WriteLine(Machine.Description);
        foreach (int threads in settings.Threads)
        {
            var peers = device.type == DeviceType.CPU ? Peer.Start(threads) : [];
            if (peers.Count > 0 && threads == 1) Console.WriteLine($"Peers: {string.Join("; ", peers.Select(peer => peer.Version))}");
            Head(settings.Title(threads));
            foreach (var subject in subjects.Where(subject => settings.Wants(subject.Key))) measure(new(settings.Rounds), subject, device, threads, peers);
            foreach (var peer in peers) peer.Dispose();
        }
        Runtime.Threads = 1;
    }

    private static void Head(string title) => Console.WriteLine(
        $"\n| {title} | ours, 1/s | fastest peer, 1/s | ours to it | limit, 1/s | share of it | memory, MB |\n|---|---|---|---|---|---|---|");

    /// <summary>Runs the rounds of a row and prints it.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="count">How many of it a call does.</param>
    /// <param name="ours">Seconds of a call.</param>
    /// <param name="limits">Seconds of the bare products of a call, by each way to compute them: the fastest is the limit.</param>
    /// <param name="peers">Seconds of a call of the peers.</param>
    public void Row(string name, int count, Func<double> ours, IReadOnlyList<Func<double>> limits, IReadOnlyList<(string Name, Func<double> Seconds)> peers)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < warmUp;) ours();
        var heats = new Race(peers.Count > Finalists ? Heats : 0, [.. peers.Select(peer => peer.Seconds)]);
        (string Name, Func<double> Seconds)[] finalists = [.. peers.Index().Where(peer => heats.Finished(peer.Index)).OrderBy(peer => heats.Best(peer.Index)).Take(Finalists).Select(peer => peer.Item)];
        var race = new Race(rounds, [ours, .. limits, .. finalists.Select(peer => peer.Seconds)]);
        int limit = Fastest(1, limits.Count);
        double? memory = Resident.Growth(() => ours());

        string against = "| ";
        if (Fastest(1 + limits.Count, finalists.Length) is var peer && peer > 0)
        {
            against = $"{Show(count / race.Seconds(peer))} ({finalists[peer - 1 - limits.Count].Name}) | {race.Ratio(0, peer):F2}";
        }
        Console.WriteLine($"| {name} | {Show(count / race.Seconds(0))} | {against} | {Show(count / race.Seconds(limit))} | {race.Ratio(0, limit):P0} | {Resident.Show(memory)} |");

        int Fastest(int from, int many) => Enumerable.Range(from, many).Where(race.Finished).DefaultIfEmpty().MinBy(race.Seconds);
    }

    private static string Show(double rate) => rate >= 1e4 ? $"{rate / 1e3:N0} k" : rate >= 100 ? $"{rate:N0}" : $"{rate:N1}";
}
