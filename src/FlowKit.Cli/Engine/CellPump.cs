using System.Collections.Concurrent;

namespace FlowKit.Cli;

/// <summary>Runs a cell's continuations on the cell's own thread, so that what belongs to a thread survives an <c>await</c>.</summary>
internal sealed class CellPump : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> queue = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly CancellationTokenSource stopped = new();
    private volatile bool ended;

    /// <summary>Runs continuations until the task is done.</summary>
    /// <exception cref="OperationCanceledException">The pump was stopped.</exception>
    public T Await<T>(Task<T> task)
    {
        task.ContinueWith(_ => arrived.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted)
        {
            arrived.Wait(stopped.Token);
            if (queue.TryDequeue(out var work)) work.Callback(work.State);
        }
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Ends <see cref="Await"/> and drops every continuation of the cell.</summary>
    public void Stop() => stopped.Cancel();

    /// <summary>The cell has ended; continuations of tasks that it left behind run on the thread pool.</summary>
    public void End()
    {
        ended = true;
        while (queue.TryDequeue(out var work)) Post(work.Callback, work.State);
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (stopped.IsCancellationRequested) return;
        if (ended)
        {
            base.Post(d, state);
            return;
        }
        queue.Enqueue((d, state));
        arrived.Release();
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
