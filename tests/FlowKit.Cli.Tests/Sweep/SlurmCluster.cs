using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace FlowKit.Cli.Tests;

/// <summary>A Slurm cluster of one node on the loopback, with everything it keeps in a folder of its own.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string[] programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel"];

    private readonly string folder = Directory.CreateTempSubdirectory("slurm").FullName;
    private readonly Stack<Process> daemons = new();

    private SlurmCluster() { }

    /// <summary>What a command needs to find it.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["SLURM_CONF"] = Path.Combine(folder, "slurm.conf") };

    /// <summary>Starts one, or skips the test with the reason why there can be none.</summary>
    public static SlurmCluster StartOrSkip()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs Linux.");
        string[] missing = [.. programs.Where(program => Find(program) is null)];
        Assert.SkipWhen(missing.Length > 0, $"Not installed: {string.Join(", ", missing)} (Debian's packages slurm-wlm and munge).");

        var cluster = new SlurmCluster();
        try
        {
            cluster.Start();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Runs one of Slurm's commands; what it prints.</summary>
    public string Call(string program, params string[] args)
    {
        using var process = Launch(program, args);
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: {error}");
        return output;
    }

    public void Dispose()
    {
        while (daemons.TryPop(out var daemon))
        {
            using (Process.Start("kill", ["-TERM", $"{daemon.Id}"])) { }
            if (!daemon.WaitForExit(TimeSpan.FromSeconds(10))) daemon.Kill();
            daemon.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    private void Start()
    {
        string key = File("munge.key");
        System.IO.File.WriteAllBytes(key, RandomNumberGenerator.GetBytes(1024));
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        System.IO.File.WriteAllText(File("slurm.conf"), Configuration(Call("hostname", "-s").Trim(), FreePort(), FreePort()));
        foreach (string name in new[] { "state", "spool" }) Directory.CreateDirectory(File(name));

        daemons.Push(Launch("munged", "--force", "--foreground", $"--key-file={key}", $"--socket={File("munge.sock")}", $"--pid-file={File("munged.pid")}", $"--seed-file={File("munge.seed")}"));
        WaitFor("munged's socket", () => System.IO.File.Exists(File("munge.sock")));
        daemons.Push(Launch("slurmctld", "-D"));
        daemons.Push(Launch("slurmd", "-D"));
        WaitFor("an idle node", () =>
        {
            using var process = Launch("sinfo", "--noheader", "--format=%T");
            return process.StandardOutput.ReadToEnd().Trim() == "idle";
        });
    }

    // KillWait and cred_expire decide how soon a requeued job starts again.
    private string Configuration(string host, int controlPort, int nodePort) => $"""
        ClusterName=local
        SlurmctldHost={host}(127.0.0.1)
        SlurmctldPort={controlPort}
        SlurmdPort={nodePort}
        SlurmUser={System.Environment.UserName}
        SlurmdUser={System.Environment.UserName}
        AuthType=auth/munge
        AuthInfo=socket={File("munge.sock")},cred_expire=5
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        MpiDefault=none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        ReturnToService=2
        KillWait=5
        SlurmdParameters=config_overrides
        SchedulerParameters=batch_sched_delay=0
        StateSaveLocation={File("state")}
        SlurmdSpoolDir={File("spool")}
        SlurmctldPidFile={File("slurmctld.pid")}
        SlurmdPidFile={File("slurmd.pid")}
        SlurmctldLogFile={File("slurmctld.log")}
        SlurmdLogFile={File("slurmd.log")}
        NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
        PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP

        """;

    private string File(string name) => Path.Combine(folder, name);

    private Process Launch(string program, params string[] args)
    {
        var start = new ProcessStartInfo(Find(program) ?? program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private void WaitFor(string what, Func<bool> isThere)
    {
        var clock = Stopwatch.StartNew();
        while (!isThere())
        {
            if (daemons.FirstOrDefault(daemon => daemon.HasExited) is { } dead) Assert.Fail($"Waiting for {what}, {dead.StartInfo.FileName} ended: {dead.StandardError.ReadToEnd()}");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"Waited 30 s for {what}.");
            Thread.Sleep(200);
        }
    }

    // Debian keeps daemons where a user's PATH does not look.
    private static string? Find(string program) => (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin")
        .Select(place => Path.Combine(place, program)).FirstOrDefault(System.IO.File.Exists);

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
