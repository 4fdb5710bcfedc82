using System.Diagnostics;
using System.Globalization;
using FlowKit.Training;

namespace FlowKit.Inference;

/// <summary>Fills rows 0..count - 1: from the cache what is there, by the simulator, on several threads, what is not.</summary>
internal sealed class SimulationRun(InverseProblem problem, int count, SimulationOptions options) : IDisposable
{
    private static readonly TimeSpan every = TimeSpan.FromMilliseconds(200);

    private readonly SimulatedRow?[] rows = new SimulatedRow?[count];
    private readonly bool[] written = new bool[count];
    private readonly int[] open = new int[(count + options.Chunk - 1) / options.Chunk];          // rows of each chunk that are not there
    private readonly SimulationCache? cache = options.Cache is { } path ? new(path, problem.Name, options.Seed, problem.Dimensions) : null;
    private readonly CancellationToken host = TrainingHost.CancellationOfCell?.Invoke() ?? TrainingHost.Cancellation;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock writing = new();
    private int done, failed, simulated;
    private volatile bool isOver;

    private int MostFailures => (int)Math.Floor(options.MostFailures * count + 1e-9);

    private CancellationToken Asked => options.Cancellation.IsCancellationRequested ? options.Cancellation : host;

    /// <summary>All rows.</summary>
    /// <exception cref="SimulationException">Too many failed, or the cache cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Simulations Go()
    {
        int? outputs = cache?.Outputs;
        cache?.Read(Take);
        int fromCache = done = rows.Count(row => row is not null);
        failed = rows.Count(row => row is { Observation: null });
        for (int row = 0; row < count; row++) if (rows[row] is null) open[row / options.Chunk]++;

        int[] missing = [.. Enumerable.Range(0, count).Where(row => rows[row] is null)];
        double[][] parameters = Parameters(missing);
        for (int i = 0; outputs is null && i < missing.Length; i++)           // the first success says how many numbers there are
        {
            StopIfAsked();
            Simulate(missing[i], parameters[i], null);
            outputs = rows[missing[i]]!.Observation?.Length;
            if (failed > MostFailures) throw TooMany();
        }
        if (outputs is not { } m) throw TooMany();

        cache?.Begin(m);
        try
        {
            RunAll([.. missing.Index().Where(each => rows[each.Item] is null)], parameters, m);
        }
        finally
        {
            for (int chunk = 0; chunk < open.Length; chunk++) Write(chunk);   // whatever happened, finished rows are not lost
        }
        if (failed > MostFailures) throw TooMany();
        StopIfAsked();
        return new(rows!, problem.Dimensions, m, fromCache);
    }

    public void Dispose() => cache?.Dispose();

    private void Take(int row, SimulatedRow read)
    {
        if (row >= count || options.RetryFailures && read.Observation is null) return;
        (rows[row], written[row]) = (read, true);
    }

    // What the prior draws for these rows. Where the cache has rows, too, it must have drawn the same.
    private double[][] Parameters(int[] missing)
    {
        var blocks = missing.GroupBy(row => row / InverseProblem.Block).ToDictionary(group => group.Key, group => problem.Draw(options.Seed, group.Key));
        if (cache is not null && Array.FindIndex(rows, row => row is not null) is var first and >= 0)
        {
            double[][] drawn = blocks.GetValueOrDefault(first / InverseProblem.Block) ?? problem.Draw(options.Seed, first / InverseProblem.Block);
            double[] here = drawn[first % InverseProblem.Block], there = rows[first]!.Parameters;
            if (here.Zip(there).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-3 * (Math.Abs(pair.First) + 1e-6)))       // processors may round differently
                throw new SimulationException(
                    $"The cache {Path.GetFullPath(options.Cache!)} belongs to another problem: the prior drew {Text(there)} in row {first} there and draws {Text(here)} here. Delete the file, or name another, to begin anew.");
        }
        return [.. missing.Select(row => blocks[row / InverseProblem.Block][row % InverseProblem.Block])];
    }

    private void RunAll((int Index, int Row)[] left, double[][] parameters, int outputs)
    {
        int next = -1, threads = Math.Min(options.Threads ?? Environment.ProcessorCount, left.Length);
        var tasks = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            var all = Task.WhenAll(tasks);
            while (!all.Wait(every)) Report();
            Report();
        }
        catch (AggregateException errors)
        {
            throw errors.Flatten().InnerExceptions.FirstOrDefault(error => error is SimulationException) ?? errors.InnerExceptions[0];
        }
        finally
        {
            isOver = true;                                                    // a receiver of progress may have thrown
            Task.WaitAll([.. tasks.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default))]);
        }

        void Work()
        {
            try
            {
                while (!isOver && !Asked.IsCancellationRequested && Volatile.Read(ref failed) <= MostFailures && Interlocked.Increment(ref next) is var i && i < left.Length)
                {
                    int row = left[i].Row;
                    Simulate(row, parameters[left[i].Index], outputs);
                    if (Volatile.Read(ref open[row / options.Chunk]) == 0) Write(row / options.Chunk);
                }
            }
            catch
            {
                isOver = true;
                throw;
            }
        }
    }

    private void Simulate(int row, double[] parameters, int? outputs)
    {
        var made = SimulatedRow.Of(problem.Simulator, parameters, RandomNumbers.Stream(options.Seed, row), outputs);
        Volatile.Write(ref rows[row], made);
        if (made.Observation is null) Interlocked.Increment(ref failed);
        Interlocked.Increment(ref done);
        Interlocked.Increment(ref simulated);
        Interlocked.Decrement(ref open[row / options.Chunk]);
    }

    // The finished rows of a chunk that are not in the file yet, each run of neighbors as a record.
    private void Write(int chunk)
    {
        if (cache?.Outputs is null) return;
        lock (writing)
        {
            int end = Math.Min(count, (chunk + 1) * options.Chunk);
            for (int row = chunk * options.Chunk; row < end; row++)
            {
                int first = row;
                while (row < end && !written[row] && Volatile.Read(ref rows[row]) is not null) row++;
                if (row == first) continue;
                cache.Append(first, rows[first..row]!);
                Array.Fill(written, true, first, row - first);
            }
        }
    }

    private void Report() => options.Progress?.Report(new(problem.Name, done, count, failed, simulated, clock.Elapsed));

    private void StopIfAsked()
    {
        if (!Asked.IsCancellationRequested) return;
        string kept = cache is null ? "They are lost, as no cache was named." : $"They are in {Path.GetFullPath(options.Cache!)}.";
        throw new OperationCanceledException($"The simulation of '{problem.Name}' was stopped after {done} of {count} rows. {kept}", Asked);
    }

    private SimulationException TooMany()
    {
        int first = Array.FindIndex(rows, row => row is { Observation: null });
        string kept = cache?.Outputs is null ? "" : $" What was simulated is in {Path.GetFullPath(options.Cache!)}.";
        return new(string.Create(CultureInfo.InvariantCulture,
            $"{failed} of the {done} simulations of '{problem.Name}' so far have failed; of {count}, {nameof(SimulationOptions.MostFailures)} = {options.MostFailures} allows {MostFailures}. The first is row {first}, x = {Text(rows[first]!.Parameters)}: {rows[first]!.Message}.{kept}"));
    }

    private static string Text(double[] x) => $"({string.Join(", ", x.Select(number => number.ToString("G6", CultureInfo.InvariantCulture)))})";
}
