using System.Collections.Concurrent;

namespace FlowKit.Cli;

/// <summary>The one thread of a session: TorchSharp's scopes and torch's gradient mode are per thread, and last from cell to cell.</summary>
internal sealed class CellThread : IDisposable
{
    private const int StackBytes = 16 << 20;
    private readonly BlockingCollection<Action> work = [];

    public CellThread()
    {
        var thread = new Thread(() => { foreach (var action in work.GetConsumingEnumerable()) action(); }, StackBytes)
        {
            IsBackground = true,
            Name = "cells",
        };
        using (ExecutionContext.SuppressFlow()) thread.Start();
    }

    /// <summary>Runs the function next.</summary>
    public Task<T> Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread after what it is doing.</summary>
    public void Dispose() => work.CompleteAdding();
}
