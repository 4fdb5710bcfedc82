using System.Runtime.InteropServices;

namespace FlowKit.Interactive;

/// <summary>The interrupt of a Jupyter client, taken as the end of a cell. It is a signal to the process, at which .NET Interactive would end with all its variables.</summary>
/// <remarks>Where no signal is sent, as on Windows and from Polyglot Notebooks, nothing changes.</remarks>
internal static class JupyterInterrupt
{
    private static PosixSignalRegistration? registration;

    /// <summary>Takes the signal from now on, if a Jupyter client started this process.</summary>
    /// <param name="interrupt">Ends the running cell.</param>
    public static void Take(Action interrupt)
    {
        if (OperatingSystem.IsWindows() || !Environment.GetCommandLineArgs().Contains("jupyter")) return;
        registration ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            interrupt();
            // Handlers are called one after the other, the latest first, on a thread of this signal's own: those before us would end the process, so this one never returns.
            Thread.Sleep(Timeout.Infinite);
        });
    }
}
