using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowKit.Cli.Tests;

/// <summary>The command in a process of its own.</summary>
internal static class FlowkitProcess
{
    public static Process Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        string[] command = [dotnet, typeof(CommandLine).Assembly.Location, .. args];
        if (OperatingSystem.IsLinux()) command = ["env", "--default-signal=INT", .. command];       // a shell in the background makes its children ignore Ctrl+C
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var process = Start(args);
        return End(process);
    }

    /// <summary>Waits for its end.</summary>
    public static (int Code, string Output, string Error) End(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
