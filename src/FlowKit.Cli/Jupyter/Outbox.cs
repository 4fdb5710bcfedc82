namespace FlowKit.Cli;

/// <summary>Messages on their way out, in order. Text that a cell writes in small pieces leaves in large ones.</summary>
internal sealed class Outbox : IDisposable
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(20);
    private readonly object gate = new();                   // a Monitor, because it is waited for
    private readonly Action<KernelChannel, KernelMessage> send;
    private readonly Thread thread;
    private List<(KernelChannel Channel, KernelMessage Message)> waiting = [];
    private bool closed;

    /// <summary>An outbox that hands on its messages on a thread of its own.</summary>
    public Outbox(Action<KernelChannel, KernelMessage> send)
    {
        this.send = send;
        thread = new Thread(Loop) { IsBackground = true, Name = "outbox" };
        thread.Start();
    }

    /// <summary>Sends a message after all that were posted before it.</summary>
    public void Post(KernelChannel channel, KernelMessage message)
    {
        lock (gate)
        {
            if (closed) return;
            waiting.Add((channel, message));
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Sends what is waiting and ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }
        thread.Join();
    }

    private void Loop()
    {
        while (Take() is { Count: > 0 } batch)
            foreach (var (channel, message) in StreamText.Join(batch)) send(channel, message);
    }

    // Empty at the end. Text waits a moment for more of it; everything else goes at once.
    private List<(KernelChannel, KernelMessage)> Take()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !closed) Monitor.Wait(gate);
            long start = Environment.TickCount64;
            while (!closed && StreamText.Is(waiting[^1].Message) && pause.TotalMilliseconds - (Environment.TickCount64 - start) is > 0 and var left) Monitor.Wait(gate, (int)Math.Ceiling(left));
            var batch = waiting;
            waiting = [];
            return batch;
        }
    }
}
