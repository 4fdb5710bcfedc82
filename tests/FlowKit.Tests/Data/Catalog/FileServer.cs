using System.Net;
using System.Net.Sockets;

namespace FlowKit.Tests.Data;

/// <summary>One file over HTTP on the loopback, with ranges, and with the faults a test asks for.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly byte[] content;
    private int requests;

    public FileServer(byte[] content)
    {
        this.content = content;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        listener.Prefixes.Add(Address);
        listener.Start();
        _ = Serve();
    }

    public string Address { get; }

    public int Requests => Volatile.Read(ref requests);

    /// <summary>Bytes after which the connection is cut off, once.</summary>
    public int? StopAfter { get; set; }

    /// <summary>First byte the last request asked for.</summary>
    public long From { get; private set; }

    public TimeSpan Delay { get; set; }

    public void Dispose() => listener.Close();

    private async Task Serve()
    {
        while (listener.IsListening)
        {
            HttpListenerContext asked;
            try
            {
                asked = await listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            Interlocked.Increment(ref requests);
            await Task.Delay(Delay);
            try
            {
                Answer(asked);
            }
            catch (Exception error) when (error is HttpListenerException or IOException or ObjectDisposedException)
            {
                // who asked is gone
            }
        }
    }

    private void Answer(HttpListenerContext asked)
    {
        string? range = asked.Request.Headers["Range"];
        From = range is null ? 0 : long.Parse(range["bytes=".Length..].TrimEnd('-'));
        var response = asked.Response;
        if (range is not null)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {From}-{content.Length - 1}/{content.Length}";
        }
        response.ContentLength64 = content.Length - From;
        int count = StopAfter ?? content.Length - (int)From;
        response.OutputStream.Write(content, (int)From, count);
        response.OutputStream.Flush();
        if (StopAfter is null) response.Close();
        else response.Abort();
        StopAfter = null;
    }
}
