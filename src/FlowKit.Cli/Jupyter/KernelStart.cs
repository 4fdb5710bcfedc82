using System.Runtime.InteropServices;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit kernel start</c>: a process that is a kernel from its start to its end.</summary>
internal static class KernelStart
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    /// <summary>Serves the connection file's clients; returns when they, the signal or the parent's death end it.</summary>
    public static int Run(string connectionFile, TextWriter error, CancellationToken terminate)
    {
        try
        {
            using var kernel = new JupyterKernel(ConnectionFile.Read(connectionFile), Directory.GetCurrentDirectory(), Complain);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                kernel.Interrupt();
            });
            using var parent = new ParentWatch(kernel.Stop);
            kernel.Run(terminate);
        }
        catch (KernelException refused)
        {
            Complain(refused.Message);
            return refused.ExitCode;
        }
        EndFor(error);
        return ExitCode.Ok;

        void Complain(string line) => error.WriteLine($"flowkit kernel: {line}");
    }

    // A thread that a cell left behind would keep the process; a handler of the exit could hang.
    private static void EndFor(TextWriter error)
    {
        var watchdog = new Thread(() =>
        {
            Thread.Sleep(patience);
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
        };
        watchdog.Start();
        error.Flush();
        Environment.Exit(ExitCode.Ok);
    }
}
