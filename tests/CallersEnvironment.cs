using System.Runtime.CompilerServices;

namespace FlowKit.Tests;

/// <summary>Tests, and the processes they start, see none of the caller's settings: where packages lie, what FlowKit, Slurm and Jupyter are told.</summary>
/// <remarks>What begins with FLOWKIT_TEST_ is a test's own word to a process of its kind. Which libtorch is under test, and how its MKL runs, is the caller's to say.</remarks>
internal static class CallersEnvironment
{
    private static readonly string[] kept = ["FLOWKIT_TEST_", "FLOWKIT_LIBTORCH", "FLOWKIT_MKL"];
    private static readonly string[] prefixes = ["FLOWKIT_", "SLURM_", "SBATCH_", "NUGET_PACKAGES", "NUGET_FALLBACK_PACKAGES", "NUGET_HTTP_CACHE_PATH", "JUPYTER_", "IPYTHON"];

#pragma warning disable CA2255 // a test project is an application: this must run before its first test
    [ModuleInitializer]
    internal static void Clear()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToArray())
            if (!kept.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                Environment.SetEnvironmentVariable(name, null);
    }
#pragma warning restore CA2255
}
