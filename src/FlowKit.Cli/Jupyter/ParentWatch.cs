using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowKit.Cli;

/// <summary>Notices that the program which started the kernel is gone.</summary>
internal sealed class ParentWatch : IDisposable
{
    private static readonly TimeSpan period = TimeSpan.FromSeconds(1);
    private readonly int named;
    private readonly int parent = Parent();
    private readonly Timer timer;

    /// <summary>Calls <paramref name="gone"/>, perhaps more than once, when the parent has ended.</summary>
    /// <param name="named">The process id by which the client named itself, or 0.</param>
    /// <param name="gone">Ends the kernel.</param>
    public ParentWatch(int named, Action gone)
    {
        this.named = named;
        timer = new(_ =>
        {
            if (IsGone()) gone();
        }, null, period, period);
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => timer.Dispose();

    // A process whose parent ends gets another one at once, even while the dead parent still has its number. Between a client and its kernel may
    // stand a shell: then the client named itself.
    private bool IsGone() => named > 1 && named != parent ? !IsAlive(named) : Parent() != parent;

    private static int Parent() => OperatingSystem.IsWindows() ? 0 : getppid();

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return true;            // there, but not ours to look at
        }
    }

    [DllImport("libc")]
#pragma warning disable IDE1006, SYSLIB1054 // the system's own name; no unsafe code for one number
    private static extern int getppid();
#pragma warning restore IDE1006, SYSLIB1054
}
