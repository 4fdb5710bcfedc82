using System.Collections.Concurrent;

namespace FlowKit.Cli;

/// <summary>The one thread of a session: TorchSharp's scopes and torch's gradient mode belong to a thread and persist from cell to cell.</summary>
internal sealed class CellThread : IDisposable
{
    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public CellThread()
    {
        thread = new Thread(Loop, DeepStack.Bytes)
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

    /// <summary>Ends the sleep or wait of the function, if it is in one.</summary>
    public void InterruptWait()
    {
        if (thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) thread.Interrupt();
    }

    /// <summary>Ends the thread after its current work.</summary>
    public void Dispose() => work.CompleteAdding();

    private void Loop()
    {
        CellGuard.IsDeep();
        while (!work.IsCompleted)
        {
            try
            {
                if (!work.TryTake(out var action, Timeout.Infinite)) continue;
                ForgetInterrupt();
                action();
            }
            catch (ThreadInterruptedException)
            {
                // It was meant for a function that had just ended.
            }
        }
    }

    // One that came late would wake the next function instead; a short sleep takes it.
    private static void ForgetInterrupt()
    {
        try
        {
            Thread.Sleep(1);
        }
        catch (ThreadInterruptedException)
        {
            // Taken.
        }
    }
}
