using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowKit.Interactive;
using FlowKit.Training;
using Microsoft.DotNet.Interactive.Formatting;

namespace FlowKit.Cli;

/// <summary>A notebook's C# session: cells run one after the other and share their variables.</summary>
/// <remarks>Owns the process's console and current directory while it lives, so there is one session at a time.</remarks>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan nudge = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    private readonly string directory;
    private readonly string directoryBefore = Directory.GetCurrentDirectory();
    private readonly SubmissionChain submissions;
    private readonly CellThread thread = new();
    private readonly ConsoleCapture console;
    private readonly IDisposable displays = Formatter.SubscribeToDisplayedValues(CellDisplay.Show);
    private Task lost = Task.CompletedTask;

    /// <summary>A fresh session.</summary>
    /// <param name="directory">The folder that relative paths of the cells start from.</param>
    /// <param name="environment">What the environment variables say.</param>
    /// <param name="input">The console input of cells; null: empty.</param>
    public Session(string directory, HostEnvironment environment, TextReader? input = null)
    {
        console = new(input ?? TextReader.Null);    // a cell that reads gets the end of the input, not a wait for ever
        this.directory = Path.GetFullPath(directory);
        submissions = new(this.directory, new(environment.PackageFolder));
        Directory.SetCurrentDirectory(this.directory);
        NotebookHost.Display = static value => CellDisplay.display(value).Update;
    }

    /// <summary>Completion and inspection of code that has not run yet; it may be used while a cell runs.</summary>
    public ICodeInsight Insight => new CodeInsight(submissions, directory);

    /// <summary>Runs a cell to its end, its timeout or the interrupt.</summary>
    public CellStatus Run(CellRequest request, CancellationToken interrupt = default)
    {
        var sink = new OutputSink(request.OnOutput);
        if (!lost.IsCompleted)
        {
            sink.Send(new CellException("SessionError", new CellProblem(null, null, "A cell that was stopped hangs in the code of a library: wait until that ends, or restart the kernel.")).ToOutput());
            return CellStatus.Lost;
        }
        CellGuard.Stop(null);
        using var run = new CellRun(request, interrupt);
        TrainingHost.Cancellation = run.Cancellation;
        try
        {
            var work = thread.Run(() => Execute(request, run, sink));
            return run.Wait(work) ? work.GetAwaiter().GetResult() : Stop(run, work, sink);
        }
        finally
        {
            if (!request.OutlivesCell) sink.Close();
            TrainingHost.Cancellation = default;
        }
    }

    /// <summary>Restores the console and the current directory.</summary>
    public void Dispose()
    {
        thread.Dispose();
        console.Dispose();
        displays.Dispose();
        Directory.SetCurrentDirectory(directoryBefore);
    }

    // Trainings observe the cancellation, the cell's own code checks it, and waits are interrupted. Anything else continues: aborting its thread may leave a lock held forever, or end the process.
    private CellStatus Stop(CellRun run, Task work, OutputSink sink)
    {
        run.Cancel();
        bool ended = CellRun.HasEnded(work, grace);
        if (!ended)
        {
            CellGuard.Stop(sink);
            run.Pump.Stop();
            ended = CellRun.HasEnded(work, nudge);
        }
        for (var waited = nudge; !ended && waited < patience; waited += nudge)
        {
            thread.InterruptWait();
            ended = CellRun.HasEnded(work, nudge);
        }
        sink.Send(run.StopError(ended));
        if (!ended) lost = work;
        return ended ? CellStatus.Stopped : CellStatus.Lost;
    }

    private CellStatus Execute(CellRequest request, CellRun run, OutputSink sink)
    {
        OutputSink.Current = sink;
        LateFinalizers.BeginCell(Environment.CurrentManagedThreadId);
        SynchronizationContext.SetSynchronizationContext(run.Pump);
        try
        {
            long started = Stopwatch.GetTimestamp();
            var program = new CellSource(directory, submissions.Packages).Read(request.Source, request.Name);
            foreach (var segment in program.Segments) Execute(segment, request, run, sink);
            if (program.IsTimed) sink.Write("stdout", $"Wall time: {Phrases.Time(Stopwatch.GetElapsedTime(started))}\n");
            return CellStatus.Ok;
        }
        catch (Exception error)
        {
            if (!run.IsStopping) sink.Send(ThrownErrors.Describe(error, request.Name, directory));
            return CellStatus.Failed;
        }
        finally
        {
            run.Pump.End();
            LateFinalizers.EndCell();
            OutputSink.Current = null;
        }
    }

    private void Execute(CellSegment segment, CellRequest request, CellRun run, OutputSink sink)
    {
        if (segment.MimeType is { } mimeType)
        {
            sink.Send(new CellOutput.Display(new JsonObject { [mimeType] = segment.Text }, DisplayedValue.NewId()));
            return;
        }
        var submission = submissions.Compile(segment, request.Name);
        run.Begin();
        object? value = run.Pump.Await(submission.Start());
        if (!segment.IsImported && value is not DisplayedValue && (submission.HasValue || value is not null)) sink.Send(new CellOutput.Result(MimeBundle.Of(value)));
    }
}
