namespace FlowKit.Cli;

/// <summary>Threads for work whose recursion follows the nesting of its input, as a compiler's does.</summary>
internal static class DeepStack
{
    /// <summary>The size of such a stack; memory is taken as it is used.</summary>
    public const int Bytes = 256 << 20;

    /// <summary>Runs the work on a thread of its own.</summary>
    public static Task<T> Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Work, Bytes) { IsBackground = true, Name = "deep stack" };
        thread.Start();
        return done.Task;

        void Work()
        {
            try
            {
                done.SetResult(work());
            }
            catch (OperationCanceledException canceled)
            {
                done.SetCanceled(canceled.CancellationToken);
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }
    }
}
