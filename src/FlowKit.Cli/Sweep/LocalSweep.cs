using System.Diagnostics;

namespace FlowKit.Cli;

/// <summary>Runs a sweep on this machine in several processes at a time, each with its share of the processors.</summary>
internal sealed class LocalSweep(SweepView view, int jobs)
{
    private static readonly TimeSpan farewell = TimeSpan.FromSeconds(30);

    /// <summary>The number of simultaneous runs where --jobs is not given.</summary>
    public static int DefaultJobs => Environment.ProcessorCount;

    /// <summary>Runs them. Runs that an interruption left without an outcome are not in the result.</summary>
    public async Task<IReadOnlyDictionary<SweepRun, SweepOutcome>> Run(IReadOnlyList<SweepRun> runs, CancellationToken interrupt)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        using var places = new SemaphoreSlim(jobs);
        var outcomes = await Task.WhenAll(runs.Select(async run => (run, await RunOne(run, places, stop))));
        return outcomes.Where(pair => pair.Item2 is not null).ToDictionary(pair => pair.run, pair => pair.Item2!);
    }

    private async Task<SweepOutcome?> RunOne(SweepRun run, SemaphoreSlim places, CancellationTokenSource stop)
    {
        try
        {
            await places.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        try
        {
            view.Started(run.Point);
            run.Folder.ClearOutcome();
            int code = await RunProcess(run, stop.Token);
            if (stop.IsCancellationRequested && run.Folder.Outcome is null)
            {
                view.Stopped(run.Point);
                return null;
            }
            var outcome = run.Ended($"exit code {code}");
            view.Ended(run.Point, outcome);
            if (outcome.IsUsage) await stop.CancelAsync();          // the others would fail in the same way
            return outcome;
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<int> RunProcess(SweepRun run, CancellationToken stop)
    {
        string threads = $"{Math.Max(1, Environment.ProcessorCount / jobs)}";
        string[] words = [.. OwnCommand.Words(), SweepTaskCommand.Name, run.Folder.Path, SweepTaskCommand.UntilInputEnds];
        await using var log = new StreamWriter(new FileStream(run.Folder.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var writer = TextWriter.Synchronized(log);
        using var process = new Process
        {
            StartInfo = new(words[0], words[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["OMP_NUM_THREADS"] = threads, ["MKL_NUM_THREADS"] = threads, ["DOTNET_PROCESSOR_COUNT"] = threads },
            },
        };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // It stops at the end of its input, after a last checkpoint.
            process.StandardInput.Close();
            using var late = new CancellationTokenSource(farewell);
            try
            {
                await process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        return process.ExitCode;

        void Note(string? line)
        {
            if (line is not null) writer.WriteLine(line);
        }
    }
}
