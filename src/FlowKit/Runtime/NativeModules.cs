using System.ComponentModel;
using System.Diagnostics;

namespace FlowKit;

/// <summary>The native libraries that are in the process, wherever they were looked for.</summary>
internal static class NativeModules
{
    /// <summary>libtorch's part for the CPU, as its file is called on this system.</summary>
    public static string Torch => OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    /// <summary>The files of a library, links followed.</summary>
    /// <param name="name">Its file name; a version may follow.</param>
    /// <returns>Each file once; none also where the system does not tell: macOS, or Linux without /proc.</returns>
    public static IReadOnlyList<string> Files(string name)
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            return
            [
                .. process.Modules.Cast<ProcessModule>().Where(module => module.ModuleName == name || module.ModuleName.StartsWith($"{name}.", StringComparison.Ordinal))
                    .Select(module => module.FileName).Distinct(),
            ];
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
