using System.Diagnostics;

namespace FlowKit.Benchmarks;

/// <summary>A process that keeps one processor busy until it is disposed.</summary>
internal sealed class BusyProcess : IDisposable
{
    private static readonly TimeSpan start = TimeSpan.FromMilliseconds(20);

    private readonly Process process = Process.Start("sh", ["-c", "while :; do :; done"]);

    /// <summary>Starts it.</summary>
    public BusyProcess() => Thread.Sleep(start);

    /// <inheritdoc/>
    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
