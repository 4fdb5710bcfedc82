namespace FlowKit.Compression;

/// <summary>Does work on several threads and hands its results on in their order, with no more than a few of them in memory.</summary>
internal sealed class OrderedWork<T>(int workers, CancellationToken cancellation)
{
    private readonly Queue<(Task<T> Task, Action<T> Then)> queue = new();

    /// <summary>Begins a piece of work; its result is given to <paramref name="then"/> on the caller's thread, now or later.</summary>
    public void Add(Func<T> work, Action<T> then)
    {
        cancellation.ThrowIfCancellationRequested();
        if (workers == 1)
        {
            then(work());
            return;
        }
        while (queue.Count >= 2 * workers) Next();
        queue.Enqueue((Task.Run(work, cancellation), then));
    }

    /// <summary>Waits for everything.</summary>
    public void Finish()
    {
        while (queue.Count > 0) Next();
    }

    private void Next()
    {
        var (task, then) = queue.Dequeue();
        then(task.GetAwaiter().GetResult());
        cancellation.ThrowIfCancellationRequested();
    }
}
