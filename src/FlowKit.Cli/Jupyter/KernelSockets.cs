using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace FlowKit.Cli;

/// <summary>The kernel's sockets on 127.0.0.1 and the one thread that reads and writes them.</summary>
internal sealed class KernelSockets : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(1);
    private readonly KernelWire wire;
    private readonly Action<KernelChannel, KernelMessage> received;
    private readonly Action<string> complain;
    private readonly Dictionary<KernelChannel, NetMQSocket> sockets;
    private readonly NetMQQueue<(KernelChannel Channel, IReadOnlyList<byte[]> Frames)> outgoing = new();
    private readonly NetMQPoller poller;
    private readonly Thread thread;

    /// <summary>Takes the ports; <see cref="Start"/> begins to listen.</summary>
    /// <param name="connection">Which ports.</param>
    /// <param name="wire">Packs and unpacks.</param>
    /// <param name="received">Gets every message that verifies, on the sockets' thread.</param>
    /// <param name="complain">Gets a line about every message that was dropped.</param>
    /// <exception cref="CommandException">Another process has one of the ports.</exception>
    public KernelSockets(ConnectionFile connection, KernelWire wire, Action<KernelChannel, KernelMessage> received, Action<string> complain)
    {
        (this.wire, this.received, this.complain) = (wire, received, complain);
        foreach (int port in connection.Ports.Values) RequireFree(port);

        sockets = connection.Ports.Keys.ToDictionary(channel => channel, channel => (NetMQSocket)(channel == KernelChannel.Publish ? new XPublisherSocket() : new RouterSocket()));
        poller = [outgoing];
        outgoing.ReceiveReady += (_, ready) => Send(ready.Queue);
        foreach (var (channel, socket) in sockets)
        {
            socket.Options.Linger = patience;
            socket.Options.SendHighWatermark = socket.Options.ReceiveHighWatermark = 0;     // a slow client loses nothing
            if (channel == KernelChannel.Publish) socket.Options.XPubVerbose = true;        // every subscriber is told apart
            else socket.Options.RouterHandover = true;                                      // a client that reconnects keeps its name
            socket.ReceiveReady += (_, ready) => Guard(channel, ready.Socket);
            Bind(socket, connection.Ports[channel]);
            poller.Add(socket);
        }
        thread = new Thread(poller.Run) { IsBackground = true, Name = "sockets" };
    }

    /// <summary>Set when somebody listens to what is published.</summary>
    public ManualResetEventSlim Subscribed { get; } = new();

    /// <summary>Begins to listen.</summary>
    public void Start() => thread.Start();

    /// <summary>Sends frames, in the order of the calls.</summary>
    public void Send(KernelChannel channel, IReadOnlyList<byte[]> frames) => outgoing.Enqueue((channel, frames));

    /// <summary>Sends what is waiting, then closes the ports.</summary>
    public void Dispose()
    {
        if (thread.IsAlive)
        {
            outgoing.Enqueue((default, []));            // nothing to send: the end
            thread.Join(patience);
        }
        poller.Dispose();
        outgoing.Dispose();
        foreach (var socket in sockets.Values) socket.Dispose();
    }

    private void Send(NetMQQueue<(KernelChannel Channel, IReadOnlyList<byte[]> Frames)> queue)
    {
        while (queue.TryDequeue(out var next, TimeSpan.Zero))
        {
            if (next.Frames.Count > 0) sockets[next.Channel].SendMultipartBytes(next.Frames);
            else poller.StopAsync();
        }
    }

    // What a client sends must never end the thread that serves all of them.
    private void Guard(KernelChannel channel, NetMQSocket socket)
    {
        try
        {
            var frames = socket.ReceiveMultipartBytes();
            if (channel == KernelChannel.Heartbeat) socket.SendMultipartBytes(frames);
            else if (channel == KernelChannel.Publish) Welcome(frames[0], socket);
            else if (wire.Unpack(frames, out string? problem) is { } message) received(channel, message);
            else complain($"dropped a message on {channel.ToString().ToLowerInvariant()}: {problem}");
        }
        catch (Exception error) when (error is NetMQException or InvalidOperationException)
        {
            complain($"dropped a message on {channel.ToString().ToLowerInvariant()}: {error.Message}");
        }
    }

    // A subscription is 1 and the topic: whoever made it hears from now on that nothing it asks for is lost.
    private void Welcome(byte[] subscription, NetMQSocket socket)
    {
        if (subscription is not [1, .. byte[] topic]) return;
        var welcome = wire.Compose("iopub_welcome", [topic], null, new JsonObject { ["subscription"] = Encoding.UTF8.GetString(topic) });
        socket.SendMultipartBytes(wire.Pack(welcome));
        Subscribed.Set();
    }

    // ZeroMQ would share a port with another process on some systems; a plain socket does not.
    private static void RequireFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            if (OperatingSystem.IsWindows()) probe.ExclusiveAddressUse = true;
            probe.Start();
        }
        catch (SocketException error)
        {
            throw Taken(port, error);
        }
    }

    private static void Bind(NetMQSocket socket, int port)
    {
        try
        {
            socket.Bind($"tcp://{IPAddress.Loopback}:{port}");
        }
        catch (Exception error) when (error is NetMQException or SocketException)
        {
            throw Taken(port, error);
        }
    }

    private static CommandException Taken(int port, Exception error) =>
        new($"port {port} of 127.0.0.1 cannot be used ({error.Message.TrimEnd('.')}): is another kernel running on this connection file?");
}
