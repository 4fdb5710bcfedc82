using System.Diagnostics;
using System.Text.Json;

namespace FlowKit.Cli.Tests;

public sealed class SlurmSweepTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_job_array_survives_a_requeue_a_killed_process_and_the_end_of_its_follower_and_gives_the_numbers_of_a_local_sweep()
    {
        using var cluster = SlurmCluster.StartOrSkip();
        string book = SweepBook.Training(work);
        string[] sweep = ["sweep", book, "--set", "lr=1e-2,1e-3", "--seeds", "1..3"];

        // Tasks 0 and 1 run first: one is requeued, the other killed, and who follows them dies.
        using (var follower = FlowkitProcess.Start(cluster.Environment, [.. sweep, "--slurm", "-o", work["out"]]))
        {
            SweepBook.WaitForCheckpoint(follower, work["out/runs/lr=1e-2,seed=1"]);
            SweepBook.WaitForCheckpoint(follower, work["out/runs/lr=1e-2,seed=2"]);
            follower.Kill();
            follower.WaitForExit();
        }
        long job = JsonDocument.Parse(File.ReadAllText(work["out/slurm.json"])).RootElement[0].GetProperty("Job").GetInt64();
        cluster.Call("scontrol", "requeue", $"{job}_0");
        Kill(work["out/runs/lr=1e-2,seed=2"]);
        File.WriteAllText(work["fast"], "");

        using var again = FlowkitProcess.Start(cluster.Environment, [.. sweep, "--slurm", "-o", work["out"]]);
        var (code, output, error) = FlowkitProcess.End(again);
        Assert.True(code == 0, output + error);
        Assert.DoesNotContain("submitted", output);
        Assert.Contains("6 of 6 done", output);
        foreach (long seed in new long[] { 1, 2 })
        {
            int[] starts = SweepBook.Starts(work, seed);
            Assert.Equal(3, starts.Length);                          // two settings, and one of them a second time
            Assert.Contains(starts, step => step >= 500);
        }
        Assert.Equal([0, 0], SweepBook.Starts(work, 3));

        (code, _, error) = FlowkitProcess.Run([.. sweep, "-o", work["local"]]);
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllText(work["local/summary.csv"]), File.ReadAllText(work["out/summary.csv"]));
        Assert.Equal(File.ReadAllText(work["local/results.csv"]), File.ReadAllText(work["out/results.csv"]));
        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }

    [Fact]
    public void A_task_that_leaves_no_result_is_a_failed_run_and_is_submitted_again_by_the_same_command()
    {
        using var cluster = SlurmCluster.StartOrSkip();
        string book = SweepBook.Write(work, "double loss = 1; if (experiment.Seed == 2 && !File.Exists(\"mended\")) Environment.Exit(3);");
        using (var first = FlowkitProcess.Start(cluster.Environment, "sweep", book, "--seeds", "1..2", "--slurm", "-o", work["out"]))
        {
            var (code, output, error) = FlowkitProcess.End(first);
            Assert.Equal(1, code);
            Assert.Contains("seed=2 failed: the process ended without a result, Slurm's job ", error);
            Assert.Contains("| loss (nats) | 1 | 1 |", output);
        }
        File.WriteAllText(work["mended"], "");
        using var second = FlowkitProcess.Start(cluster.Environment, "sweep", book, "--seeds", "1..2", "--slurm", "-o", work["out"]);
        var (done, table, problem) = FlowkitProcess.End(second);
        Assert.True(done == 0, problem);
        Assert.Contains("2 runs, 1 of them done before", table);
        Assert.Contains("| loss (nats) | 2 | 1 ± 0 |", table);
    }

    [Fact]
    public void What_sbatch_refuses_is_told_in_its_words()
    {
        using var cluster = SlurmCluster.StartOrSkip();
        using var process = FlowkitProcess.Start(cluster.Environment, "sweep", SweepBook.Write(work, "double loss = 1;"), "--slurm", "--sbatch=--partition=gpu", "-o", work["out"]);
        var (code, _, error) = FlowkitProcess.End(process);
        Assert.Equal(1, code);
        Assert.Contains("flowkit: sbatch refused the sweep: sbatch: error: invalid partition specified: gpu", error);
    }

    [Fact]
    public void Without_Slurm_the_missing_command_is_named()
    {
        var nowhere = new Dictionary<string, string> { ["PATH"] = work.Folder };
        using var process = FlowkitProcess.Start(nowhere, "sweep", SweepBook.Write(work, "double loss = 1;"), "--slurm", "-o", work["out"]);
        var (code, _, error) = FlowkitProcess.End(process);
        Assert.Equal(1, code);
        Assert.Contains("flowkit: --slurm needs Slurm's command 'squeue'", error);
    }

    // The run itself, found by its command line; not the shell that will see it die.
    private static void Kill(string run)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            string[] words = Words(Path.Combine(folder, "cmdline"));
            if (!words.Contains(SweepTaskCommand.Name) || !words.Contains(run)) continue;

            using var process = Process.GetProcessById(int.Parse(Path.GetFileName(folder)));
            process.Kill();
            return;
        }
        Assert.Fail($"no process runs {run}");
    }

    private static string[] Words(string commandLine)
    {
        try
        {
            return File.ReadAllText(commandLine).Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
