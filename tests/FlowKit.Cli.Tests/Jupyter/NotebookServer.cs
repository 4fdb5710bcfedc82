using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace FlowKit.Cli.Tests.Jupyter;

/// <summary>The classic Notebook on the loopback, for one folder.</summary>
internal sealed class NotebookServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly string url, token;

    private NotebookServer(Process process, string url, string token) => (this.process, this.url, this.token) = (process, url, token);

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<NotebookServer> Start(JupyterHost jupyter, string folder)
    {
        var process = jupyter.Start("-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={FreePort()}", $"--notebook-dir={folder}");
        string runtime = process.StartInfo.Environment["JUPYTER_RUNTIME_DIR"]!;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(100))
        {
            string file = Path.Combine(runtime, $"nbserver-{process.Id}.json");
            if (!File.Exists(file) || File.ReadAllText(file) is not { Length: > 0 } text) continue;
            var told = JsonNode.Parse(text)!;
            return new(process, (string)told["url"]!, (string)told["token"]!);
        }
        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException("The notebook server did not start within a minute.");
    }

    /// <summary>Where a notebook of the folder is shown.</summary>
    public string Address(string notebook) => $"{url}notebooks/{notebook}?token={token}";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
