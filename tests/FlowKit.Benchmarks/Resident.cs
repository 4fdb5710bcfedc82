using System.Globalization;
using System.Runtime.InteropServices;

namespace FlowKit.Benchmarks;

/// <summary>How much memory the process occupies: the system's figures on Linux; elsewhere the peak is not known, and what is there at the end stands for it.</summary>
internal static partial class Resident
{
    private const string Status = "/proc/self/status", Reset = "/proc/self/clear_refs";
    private const string ForgetPeak = "5";

    /// <summary>Megabytes occupied now.</summary>
    public static double Now => (Read("VmRSS:") ?? Environment.WorkingSet) / 1048576.0;

    /// <summary>By how many megabytes the process grew while something ran, at its largest; null where the system does not let a process forget its earlier peak.</summary>
    public static double? Growth(Action action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (OperatingSystem.IsLinux()) Trim(0);         // malloc keeps what was freed, and what is kept would hide what is needed
        bool isKnown = Forget();
        double before = Now;
        action();
        return !isKnown ? null : (Read("VmHWM:") ?? Environment.WorkingSet) / 1048576.0 - before;
    }

    /// <summary>A growth in a table; a dash where it is not known.</summary>
    public static string Show(double? megabytes) => megabytes is { } known ? $"{known:N0}" : "–";

    private static bool Forget()
    {
        try
        {
            if (File.Exists(Reset)) File.WriteAllText(Reset, ForgetPeak);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);

    private static double? Read(string key) => !File.Exists(Status) ? null
        : File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
            ? 1024.0 * long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) : null;
}
