using System.Diagnostics;
using FlowKit.Training;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Two threads, as the library chooses between them and one, against one alone: on an idle machine and beside a busy process, and how soon it sees that such a process has started.</summary>
internal static class ThreadsBenchmark
{
    private const int Steps = 120;                                            // of a training: enough for it to choose
    private const int Watched = 150, Window = 9;                              // calls after the start of a busy process, and those whose median is compared
    private const double Close = 1.05;

    private const int LargestBatch = 1000;

    private static readonly int[] sizes = [64, 256, 1000, 4000, 10_000];
    private static readonly TimeSpan settle = TimeSpan.FromSeconds(1), patience = TimeSpan.FromSeconds(3);      // longest training

    public static void Run(Settings settings)
    {
        if (Environment.ProcessorCount < 2)
        {
            Console.WriteLine("This machine has one processor; there is nothing to compare.");
            return;
        }
        Console.WriteLine(Machine.Description);
        Subject[] subjects = [.. Subject.Flows.Where(subject => settings.Wants(subject.Key))];
        Table("idle", subjects, settings.Rounds);
        if (OperatingSystem.IsWindows()) return;

        using (new BusyProcess()) Table("beside a busy process", subjects, settings.Rounds);
        Console.WriteLine();
        foreach (var subject in subjects) Notice(subject);
        Runtime.Threads = 1;
    }

    private static void Table(string title, IReadOnlyList<Subject> subjects, int rounds)
    {
        Console.WriteLine($"\n| two threads to one, {title}, points at once: | {string.Join(" | ", sizes.Select(size => $"{size:N0}"))} |\n|---|{string.Concat(sizes.Select(_ => "---|"))}");
        foreach (var subject in subjects)
        {
            using var scope = NewDisposeScope();
            var ours = new Ours(subject, CPU, threads: 2);
            Row("log-probs", size => ours.LogProb(size));
            Row("samples", size => ours.Sample(size));
            Row("training steps", size => Train(ours, size), LargestBatch);

            void Row(string what, Func<int, double> seconds, int largest = int.MaxValue) =>
                Console.WriteLine($"| {subject.Name}: {what} | {string.Join(" | ", sizes.Select(size => size > largest ? "–" : Ratio(() => seconds(size), rounds)))} |");
        }
    }

    // How many times as fast the library is with two threads as with one: the median of the rounds. A dash where a turn takes too long.
    private static string Ratio(Func<double> seconds, int rounds)
    {
        Func<double> one = () => With(1, seconds), two = () => With(2, seconds);
        var clock = Stopwatch.StartNew();
        one();
        if (clock.Elapsed > patience) return "–";
        while (clock.Elapsed < settle) (one(), two()).ToString();
        return $"{new Race(rounds, [two, one]).Ratio(0, 1):F2}";
    }

    private static double With(int threads, Func<double> seconds)
    {
        Runtime.Threads = threads;
        return seconds();
    }

    // Seconds of a step of a whole training, its choice included.
    private static double Train(Ours ours, int size)
    {
        using var batch = ours.Batch(size);
        var clock = Stopwatch.StartNew();
        Trainer.Fit(ours.Flow, batch, options: new FitOptions { BatchSize = size, Steps = Steps });
        return clock.Elapsed.TotalSeconds / Steps;
    }

    // The first call after a busy process has started from which on calls take as long as on one thread.
    private static void Notice(Subject subject)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var ours = new Ours(subject, CPU, threads: 2);
        var batch = ours.Batch(sizes[^1]);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < settle;) Call();

        using var busy = new BusyProcess();
        double[] calls = [.. Enumerable.Range(0, Watched).Select(_ => Call())];
        Runtime.Threads = 1;
        double alone = Median(Enumerable.Range(0, Watched).Select(_ => Call()));
        int at = Enumerable.Range(0, Watched - Window).FirstOrDefault(first => Median(calls.Skip(first).Take(Window)) <= Close * alone, -1);
        Console.WriteLine($"{subject.Name}: log-probs of {sizes[^1]:N0} points are as fast as on one thread {(at < 0 ? $"not within {Watched} calls" : $"from call {at + 1} on")} after a busy process has started");

        double Call()
        {
            long began = Stopwatch.GetTimestamp();
            ours.Flow.LogProb(batch).Dispose();
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
