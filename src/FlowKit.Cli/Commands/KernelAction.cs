using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowKit.Cli;

/// <summary>Installs and removes the kernel, and runs it.</summary>
internal sealed class KernelAction(CommandHost host)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    /// <summary>Lets Jupyter find the kernel.</summary>
    /// <returns>The exit code.</returns>
    public int Install(string? prefix, string? name)
    {
        var spec = new KernelSpecs(prefix, host.Environment.JupyterFolder).Install(name);
        host.Output.WriteLine($"installed the kernel '{spec.Name}' in {spec.Folder}");
        return ExitCode.Ok;
    }

    /// <summary>Removes what <see cref="Install"/> wrote.</summary>
    /// <returns>The exit code.</returns>
    public int Uninstall(string? prefix, string? name)
    {
        var removed = new KernelSpecs(prefix, host.Environment.JupyterFolder).Uninstall(name);
        foreach (var spec in removed) host.Output.WriteLine($"removed the kernel '{spec.Name}' from {spec.Folder}");
        if (removed.Count == 0) host.Output.WriteLine("no kernel of FlowKit was installed");
        return ExitCode.Ok;
    }

    /// <summary>Serves the connection file's clients until they, the signal or the parent's death end the kernel; then the process ends.</summary>
    /// <returns>The exit code.</returns>
    public int Start(string connectionFile, CancellationToken terminate)
    {
        using (var kernel = new JupyterKernel(ConnectionFile.Read(connectionFile), Directory.GetCurrentDirectory(), host.Environment, line => host.Error.WriteLine($"flowkit kernel: {line}")))
        {
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                kernel.Interrupt();
            });
            using var parent = new ParentWatch(host.Environment.JupyterClient, kernel.Stop);
            kernel.Run(terminate);
        }
        EndProcess();
        return ExitCode.Ok;
    }

    // A thread that a cell left behind would keep the process; a handler of the exit could hang.
    private void EndProcess()
    {
        var watchdog = new Thread(() =>
        {
            Thread.Sleep(patience);
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
        };
        watchdog.Start();
        host.Error.Flush();
        Environment.Exit(ExitCode.Ok);
    }
}
