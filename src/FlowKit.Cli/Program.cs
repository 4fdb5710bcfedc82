using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FlowKit.Cli;

/// <summary>The entry point: console, signals and exit code.</summary>
internal static class Program
{
    private const int Interrupted = 128 + 2;
    private const int Terminated = 128 + 15;

    private static async Task Main(string[] args)
    {
        ExceptionHandling.SetUnhandledExceptionHandler(OutputSink.TakeUnhandled);
        using var stop = new CancellationTokenSource();
        int signaled = 0;
        using var interrupt = KernelCommand.IsStart(args) ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, Terminated));

        int code = await CommandLine.InvokeAsync(args, new CommandHost(Console.Out, Console.Error, HostEnvironment.Read(), IsTerminal: !Console.IsOutputRedirected), stop.Token);
        Environment.Exit(signaled != 0 ? signaled : code);           // a thread that a cell left behind would keep the process

        // The first signal stops the cell and saves the notebook; the second one ends the process at once.
        void Stop(PosixSignalContext signal, int exitCode)
        {
            signal.Cancel = Interlocked.CompareExchange(ref signaled, exitCode, 0) == 0;
            stop.Cancel();
        }
    }
}
