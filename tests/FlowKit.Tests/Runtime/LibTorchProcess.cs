using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowKit.Tests.Runtime;

/// <summary>A first computation in a process of its own, with another libtorch: this assembly, started with a word in its environment.</summary>
internal static class LibTorchProcess
{
    /// <summary>A variable that names a library to load before TorchSharp.</summary>
    public const string Early = "FLOWKIT_TEST_EARLY";

    private const string Variable = "FLOWKIT_TEST_LIBTORCH";

    /// <summary>Runs it.</summary>
    /// <returns>Its exit code, the lines that it wrote, and its error output.</returns>
    public static (int Code, string[] Lines, string Error) Run(params (string Name, string Value)[] environment)
    {
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var start = new ProcessStartInfo(dotnet, [typeof(LibTorchProcess).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in (string[])[LibTorchFolder.Variable, MklWidth.Variable]) start.Environment.Remove(name);
        start.Environment[Variable] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), error.GetAwaiter().GetResult());
    }

#pragma warning disable CA2255 // before the test runner's Main, which knows nothing of this
    [ModuleInitializer]
    internal static void RunIfAsked()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) return;
        if (Environment.GetEnvironmentVariable(Early) is { } early) NativeLibrary.Load(early);
        Compute();
        Environment.Exit(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Compute()
    {
        try
        {
            using var a = eye(3, dtype: float64, device: CPU).mul(2);
            Console.WriteLine($"sum {a.mm(a).sum().ToDouble()}");
            Console.WriteLine($"team {Team.IsShared}");
            Console.WriteLine($"cuda {cuda.is_available()}");
        }
        catch (TypeInitializationException e)
        {
            Console.WriteLine($"refused {e.GetBaseException().Message}");
            Console.WriteLine($"again {Record.Exception(() => ones(1))?.GetBaseException().Message}");
        }
        foreach (string file in File.ReadLines("/proc/self/maps").Where(line => line.Contains('/')).Select(line => line[line.IndexOf('/')..]).Distinct())
            if (Path.GetFileName(file) is var name && (name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal) || name.StartsWith("libgomp", StringComparison.Ordinal)))
                Console.WriteLine($"map {file}");
    }
}
