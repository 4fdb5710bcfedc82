using System.Globalization;

namespace FlowKit.Cli;

/// <summary>The timeout and the cancellation of one cell.</summary>
internal sealed class CellRun(CellRequest request, CancellationToken interrupt) : IDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
    private bool started;

    /// <summary>Where the cell's continuations run.</summary>
    public CellPump Pump { get; } = new();

    /// <summary>Fires when the cell should stop by itself.</summary>
    public CancellationToken Cancellation => cancellation.Token;

    /// <summary>Whether the cell is being stopped.</summary>
    public bool IsStopping => cancellation.IsCancellationRequested;

    /// <summary>Starts the clock, the first time.</summary>
    public void Begin()
    {
        if (!started && request.Timeout is { } timeout) stop.CancelAfter(timeout);
        started = true;
    }

    /// <summary>Whether the work ended before the timeout and the interrupt.</summary>
    public bool Wait(Task work)
    {
        WaitHandle.WaitAny([((IAsyncResult)work).AsyncWaitHandle, stop.Token.WaitHandle]);
        return work.IsCompleted;
    }

    /// <summary>Asks the cell to stop: trainings listen.</summary>
    public void Cancel() => Task.Run(cancellation.Cancel).Wait(TimeSpan.FromMilliseconds(100));

    /// <summary>Whether the work ends in time.</summary>
    public static bool HasEnded(Task work, TimeSpan patience) => Task.WhenAny(work, Task.Delay(patience)).GetAwaiter().GetResult() == work;

    /// <summary>The error that says why the cell did not end by itself.</summary>
    public CellOutput.Error StopError(bool ended)
    {
        string seconds = request.Timeout?.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) ?? "";
        (string name, string message) = interrupt.IsCancellationRequested
            ? ("Interrupted", "The cell was interrupted.")
            : ("TimeoutException", $"The cell ran longer than {seconds} s and was stopped.");
        if (!ended) message += " It hangs in the code of a library, and no other cell can run until that ends.";
        return new(name, message, [$"{name}: {message}"], [new(null, null, $"{name}: {message}")]);
    }

    /// <summary>Releases the timer.</summary>
    public void Dispose() => stop.Dispose();
}
