using System.Globalization;
using System.Runtime;
using System.Runtime.ExceptionServices;

namespace FlowKit.Cli;

/// <summary>The clock and the brakes of one cell.</summary>
internal sealed class CellRun(CellRequest request, CancellationToken interrupt) : IDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly CancellationTokenSource abort = new();
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
    private bool started;

    /// <summary>Where the cell's continuations run.</summary>
    public CellPump Pump { get; } = new();

    /// <summary>Fires when the cell should stop by itself.</summary>
    public CancellationToken Cancellation => cancellation.Token;

    /// <summary>Whether the cell is being stopped.</summary>
    public bool IsStopping => cancellation.IsCancellationRequested;

    /// <summary>Runs the cell's code so that <see cref="Abort"/> ends it, and starts the clock the first time.</summary>
    public void Control(Action code)
    {
        if (!started && request.Timeout is { } timeout) stop.CancelAfter(timeout);
        started = true;

        ExceptionDispatchInfo? thrown = null;
        Action guarded = () =>
        {
            try
            {
                code();
            }
            catch (Exception error) when (!abort.IsCancellationRequested)
            {
                thrown = ExceptionDispatchInfo.Capture(error);
            }
        };
#pragma warning disable SYSLIB0046 // a notebook's endless loop listens to nothing else, and what it leaves half done is the notebook's own state
        ControlledExecution.Run(guarded, abort.Token);
#pragma warning restore SYSLIB0046
        thrown?.Throw();
    }

    /// <summary>Whether the work ended before the timeout and the interrupt.</summary>
    public bool Wait(Task work)
    {
        try
        {
            work.Wait(stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return work.IsCompleted;
        }
    }

    /// <summary>Asks the cell to stop: trainings listen.</summary>
    public void Cancel() => Task.Run(cancellation.Cancel).Wait(TimeSpan.FromMilliseconds(100));

    /// <summary>Makes it stop: an endless await by its pump, endless code by aborting it.</summary>
    public void Abort()
    {
        Pump.Stop();
        Task.Run(abort.Cancel);                     // returns only when the thread has given in
    }

    /// <summary>Whether the work ends in time.</summary>
    public static bool HasEnded(Task work, TimeSpan patience) => Task.WhenAny(work, Task.Delay(patience)).GetAwaiter().GetResult() == work;

    /// <summary>The error that says why the cell did not end by itself.</summary>
    public CellOutput.Error StopError(bool ended)
    {
        string seconds = request.Timeout?.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) ?? "";
        (string name, string message) = interrupt.IsCancellationRequested
            ? ("Interrupted", "The cell was interrupted.")
            : ("TimeoutException", $"The cell ran longer than {seconds} s and was stopped.");
        if (!ended) message += " It hangs in native code, so the session is over.";
        return new(name, message, [$"{name}: {message}"], [new(null, null, $"{name}: {message}")]);
    }

    /// <summary>Lets go of the clock.</summary>
    public void Dispose() => stop.Dispose();
}
