using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FlowKit.Training;

namespace FlowKit.Cli;

/// <summary>A kernel of Jupyter: answers requests, one cell at a time, until it is told to stop.</summary>
internal sealed class JupyterKernel : IDisposable
{
    private static readonly TimeSpan firstListener = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan lastCell = TimeSpan.FromSeconds(2.5);

    private readonly BlockingCollection<(KernelChannel Channel, KernelMessage Message)> shell = [];
    private readonly BlockingCollection<(KernelChannel Channel, KernelMessage Message)> control = [];
    private readonly HashSet<KernelMessage> aborted = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource end = new();
    private readonly Lock gate = new();
    private readonly KernelWire wire;
    private readonly KernelSockets sockets;
    private readonly Outbox outbox;
    private readonly Session session;
    private readonly InputPrompt input = new();
    private readonly TrainingDisplay trainings = new();
    private readonly KernelHistory history = new();
    private readonly ExecuteRequests cells;
    private readonly CodeRequests code;
    private readonly Action<string> complain;
    private CancellationTokenSource? running;

    /// <summary>Takes the ports and opens the session; <see cref="Run"/> begins to answer.</summary>
    /// <exception cref="CommandException">A port is taken.</exception>
    public JupyterKernel(ConnectionFile connection, string directory, HostEnvironment environment, Action<string> complain)
    {
        this.complain = complain;
        wire = new(connection.Key);
        sockets = new(connection, wire, Receive, complain);
        outbox = new((channel, message) => sockets.Send(channel, wire.Pack(message)));
        session = new(directory, environment, input);
        cells = new(session, history, trainings, input);
        code = new(session.Insight);
        TrainingHost.Progress = trainings;
    }

    /// <summary>Answers until a client asks to shut down or the token fires.</summary>
    public void Run(CancellationToken terminate)
    {
        using var terminated = terminate.Register(Stop);
        var answering = Serve(shell, "requests");
        Serve(control, "control");
        sockets.Start();
        end.Token.WaitHandle.WaitOne();

        Interrupt();
        answering.Join(lastCell);                   // an interrupted training saves what it has
    }

    /// <summary>Stops the request that is being answered.</summary>
    public void Interrupt()
    {
        lock (gate) running?.Cancel();
    }

    /// <summary>Ends <see cref="Run"/>.</summary>
    public void Stop() => end.Cancel();

    /// <summary>Sends what is waiting, closes the ports and the session.</summary>
    public void Dispose()
    {
        TrainingHost.Progress = null;
        trainings.Dispose();
        session.Dispose();
        outbox.Dispose();
        sockets.Dispose();
    }

    private void Receive(KernelChannel channel, KernelMessage message)
    {
        if (channel == KernelChannel.Input) input.Take(message);
        else (channel == KernelChannel.Control ? control : shell).Add((channel, message));
    }

    private Thread Serve(BlockingCollection<(KernelChannel Channel, KernelMessage Message)> requests, string name)
    {
        var thread = new Thread(() =>
        {
            if (requests == shell) Prepare();
            foreach (var (channel, message) in requests.GetConsumingEnumerable())
            {
                Answer(channel, message);
                if (end.IsCancellationRequested) break;
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return thread;
    }

    // A message that is sent before a client listens is lost, so the kernel waits a moment for the first listener.
    private void Prepare()
    {
        outbox.Post(KernelChannel.Publish, wire.Compose("status", ["status"u8.ToArray()], null, new() { ["execution_state"] = "starting" }));
        sockets.Subscribed.Wait(firstListener);
    }

    private void Answer(KernelChannel channel, KernelMessage request)
    {
        var scope = new KernelScope(channel, request, wire, outbox);
        scope.Status("busy");
        try
        {
            using var interrupt = new CancellationTokenSource();
            if (channel == KernelChannel.Shell) Running(interrupt);
            if (Reply(request, scope, interrupt.Token) is { } reply) scope.Reply(reply);
        }
        catch (Exception error)
        {
            string name = error is KernelRequestException ? "RequestError" : error.GetType().Name;
            complain($"{request.Type}: {name}: {error.Message}");
            scope.Reply(KernelScope.Failure(name, error.Message));
        }
        finally
        {
            if (channel == KernelChannel.Shell) Running(null);
        }
        scope.Status("idle");
    }

    private void Running(CancellationTokenSource? interrupt)
    {
        lock (gate) running = interrupt;
    }

    private JsonObject? Reply(KernelMessage request, KernelScope scope, CancellationToken interrupt)
    {
        switch (request.Type)
        {
            case "execute_request": return Execute(request, scope, interrupt);
            case "complete_request": return code.Complete(scope, interrupt);
            case "inspect_request": return code.Inspect(scope, interrupt);
            case "is_complete_request": return code.IsComplete(scope);
            case "kernel_info_request": return KernelInfo.Answer();
            case "history_request": return history.Answer(scope);
            case "comm_info_request": return new() { ["comms"] = new JsonObject() };
            case "comm_open":
                scope.Publish("comm_close", new() { ["comm_id"] = scope.Ask["comm_id"].AsText() ?? "", ["data"] = new JsonObject() });   // there is nobody to talk to
                return null;
            case "comm_msg" or "comm_close": return null;
            case "interrupt_request":
                Interrupt();
                return [];
            case "shutdown_request":
                Stop();
                var farewell = new JsonObject { ["status"] = "ok", ["restart"] = scope.Ask["restart"].AsFlag() ?? false };
                scope.Publish("shutdown_reply", (JsonObject)farewell.DeepClone());
                return farewell;
            default:
                complain($"the request {request.Type} is not known");
                return request.Type.EndsWith("_request", StringComparison.Ordinal) ? KernelScope.Failure("RequestError", $"FlowKit's kernel does not know '{request.Type}'.") : null;
        }
    }

    // After a cell has failed, the cells that are already waiting do not run.
    private JsonObject Execute(KernelMessage request, KernelScope scope, CancellationToken interrupt)
    {
        if (aborted.Remove(request)) return new() { ["status"] = "aborted" };

        var reply = cells.Answer(scope, interrupt);
        if (reply["status"].AsText() == "error" && (scope.Ask["stop_on_error"].AsFlag() ?? true))
            aborted.UnionWith(shell.Select(waiting => waiting.Message).Where(message => message.Type == "execute_request"));
        return reply;
    }
}
