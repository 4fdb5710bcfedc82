using System.Text.Json.Nodes;
using FlowKit.Interactive;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>A notebook's C# session: cells run one after the other and share their variables.</summary>
/// <remarks>Owns the process's console and current directory while it lives, so there is one session at a time.</remarks>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan nudge = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan abortPatience = TimeSpan.FromSeconds(5);

    private readonly string directory;
    private readonly string directoryBefore = Directory.GetCurrentDirectory();
    private readonly Submissions submissions;
    private readonly CellThread thread = new();
    private readonly ConsoleCapture console = new();

    /// <summary>A fresh session.</summary>
    /// <param name="directory">The folder that relative paths of the cells start from.</param>
    public Session(string directory)
    {
        this.directory = Path.GetFullPath(directory);
        submissions = new(this.directory);
        Directory.SetCurrentDirectory(this.directory);
        NotebookHost.Display = static value => CellDisplay.display(value).Update;
    }

    /// <summary>Runs a cell to its end, its timeout or the interrupt.</summary>
    public CellStatus Run(CellRequest request, CancellationToken interrupt = default)
    {
        var sink = new OutputSink(request.OnOutput);
        using var run = new CellRun(request, interrupt);
        TrainingHost.Cancellation = run.Cancellation;
        try
        {
            var work = thread.Run(() => Execute(request, run, sink));
            return run.Wait(work) ? work.GetAwaiter().GetResult() : Stop(run, work, sink);
        }
        finally
        {
            sink.Close();
            TrainingHost.Cancellation = default;
        }
    }

    /// <summary>Restores the console and the current directory.</summary>
    public void Dispose()
    {
        thread.Dispose();
        console.Dispose();
        Directory.SetCurrentDirectory(directoryBefore);
    }

    private CellStatus Stop(CellRun run, Task work, OutputSink sink)
    {
        run.Cancel();
        if (!CellRun.HasEnded(work, grace)) run.Abort();
        bool ended = CellRun.HasEnded(work, nudge);
        for (var waited = nudge; !ended && waited < abortPatience; waited += nudge)
        {
            thread.Interrupt();                     // an abort alone does not wake a thread that sleeps
            ended = CellRun.HasEnded(work, nudge);
        }
        sink.Send(run.StopError(ended));
        return ended ? CellStatus.Stopped : CellStatus.Lost;
    }

    private CellStatus Execute(CellRequest request, CellRun run, OutputSink sink)
    {
        OutputSink.Current = sink;
        SynchronizationContext.SetSynchronizationContext(run.Pump);
        try
        {
            if (CellSource.Markdown(request.Source) is { } markdown)
                sink.Send(new CellOutput.Display(new JsonObject { ["text/markdown"] = markdown }, "markdown"));
            else
                foreach (var segment in new CellSource(directory).Read(request.Source, request.Name)) Execute(segment, request, run, sink);
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
            OutputSink.Current = null;
        }
    }

    private void Execute(CellSegment segment, CellRequest request, CellRun run, OutputSink sink)
    {
        var submission = submissions.Compile(segment, request.Name);
        run.Control(() =>
        {
            object? value = run.Pump.Await(submission.Start());
            if (!segment.IsImported && (submission.HasValue || value is not null)) sink.Send(new CellOutput.Result(MimeBundle.Of(value)));
        });
    }
}
