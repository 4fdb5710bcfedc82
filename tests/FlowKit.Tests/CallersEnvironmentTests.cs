using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowKit.Tests;

public class CallersEnvironmentTests
{
    private static readonly string[] settings =
    [
        "NUGET_PACKAGES", "FLOWKIT_CACHE", "FLOWKIT_DATA", "FLOWKIT_CHECKPOINTS", "FLOWKIT_RESULTS", "FLOWKIT_SCALE", "FLOWKIT_SEED", "FLOWKIT_DEVICE", "FLOWKIT_SET",
        "JUPYTER_DATA_DIR", "SLURM_CPUS_PER_TASK", "SLURM_RESTART_COUNT",
    ];

    [Fact]
    public void No_setting_is_seen() => Assert.All(settings, name => Assert.Null(Environment.GetEnvironmentVariable(name)));

    [Fact]
    public void Whoever_runs_the_tests_does_not_change_what_they_see()
    {
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var start = new ProcessStartInfo(dotnet, [GetType().Assembly.Location, "-method", $"{GetType().FullName}.{nameof(No_setting_is_seen)}"]) { RedirectStandardOutput = true };
        foreach (string name in settings) start.Environment[name] = "the caller's";
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1", output);
    }
}
