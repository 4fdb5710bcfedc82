using System.Globalization;

namespace FlowKit.Cli.Tests;

public sealed class SweepTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_sweep_gathers_mean_and_standard_error_of_each_setting()
    {
        string book = SweepBook.Write(work, "double loss = experiment.Setting(\"lr\", 0.1) * experiment.Seed;");
        var (code, output, error) = FlowkitProcess.Run("sweep", book, "--set", "lr=1,8", "--seeds", "1..3", "-o", work["out"]);
        Assert.True(code == 0, error);
        Assert.Contains("book.ipynb: 6 runs, in ", output);
        Assert.Contains("; 6 of 6 done", output);

        double deviation = Math.Sqrt(1.0 / 3);                       // of 1, 2, 3: s = 1
        Assert.Equal(
            "experiment,lr,quantity,unit,runs,mean,standard_error,paper,truth,claim,claim_holds\n" +
            $"sweep,1,loss,nats,3,2,{deviation.ToString("R", CultureInfo.InvariantCulture)},,,<= 15,3 of 3\n" +
            $"sweep,8,loss,nats,3,16,{(8 * deviation).ToString("R", CultureInfo.InvariantCulture)},,,<= 15,1 of 3\n",
            File.ReadAllText(work["out/summary.csv"]));
        Assert.Contains("| 8 | loss (nats) | 3 | 16 ± 4.6 |  |  | 1 of 3 |", File.ReadAllText(work["out/summary.md"]));
        Assert.Contains("| 1 | loss (nats) | 3 | 2 ± 0.58 |", output);
        Assert.Equal(7, File.ReadAllLines(work["out/results.csv"]).Length);
    }

    [Fact]
    public void What_is_done_is_kept_and_a_wider_grid_runs_what_is_new()
    {
        string book = SweepBook.Write(work, "double loss = experiment.Setting(\"lr\", 0.1); File.AppendAllText(\"ran\", $\"{loss}/{experiment.Seed} \");");
        Assert.Equal(0, FlowkitProcess.Run("sweep", book, "--set", "lr=1", "--seeds", "1", "--jobs", "1", "-o", work["out"]).Code);
        var (code, output, error) = FlowkitProcess.Run("sweep", book, "--set", "lr=1", "--seeds", "1..2", "--jobs", "1", "-o", work["out"]);
        Assert.True(code == 0, error);
        Assert.Contains("2 runs, 1 of them done before", output);
        Assert.Equal("1/1 1/2 ", File.ReadAllText(work["ran"]));

        Assert.Equal(0, FlowkitProcess.Run("sweep", book, "--set", "lr=1", "--seeds", "1..2", "-o", work["out"]).Code);
        Assert.Equal("1/1 1/2 ", File.ReadAllText(work["ran"]));

        SweepBook.Write(work, "double loss = experiment.Setting(\"lr\", 0.2);");
        (code, _, error) = FlowkitProcess.Run("sweep", book, "--set", "lr=1", "--seeds", "1..2", "-o", work["out"]);
        Assert.Equal(2, code);
        Assert.Contains("belongs to another version of the notebook, or to another scale or device; delete", error);
    }

    [Fact]
    public void A_run_that_fails_is_listed_the_others_go_on_and_it_is_tried_again()
    {
        string book = SweepBook.Write(work, "double loss = experiment.Setting(\"lr\", 0.1);\nif (experiment.Seed == 2 && !File.Exists(\"mended\")) throw new InvalidOperationException(\"no luck\");\nif (experiment.Seed == 3 && !File.Exists(\"mended\")) System.Diagnostics.Process.GetCurrentProcess().Kill();");
        var (code, output, error) = FlowkitProcess.Run("sweep", book, "--set", "lr=1,fast", "--seeds", "1..3", "--jobs", "1", "-o", work["out"]);
        Assert.Equal(1, code);
        Assert.Contains("flowkit: lr=1,seed=2 failed: book.ipynb, cell 1, line", error);
        Assert.Contains("no luck", error);
        Assert.Contains("flowkit: lr=1,seed=3 failed: the process ended without a result, exit code 137; see ", error);
        Assert.Contains("The setting 'lr' is a number; the command line says 'fast'.", error);
        Assert.Contains("| 1 | loss (nats) | 1 | 1 |", output);
        Assert.Contains("- lr=fast,seed=1: ", File.ReadAllText(work["out/summary.md"]));

        File.WriteAllText(work["mended"], "");
        (code, output, error) = FlowkitProcess.Run("sweep", book, "--set", "lr=1", "--seeds", "1..3", "-o", work["out"]);
        Assert.True(code == 0, error);
        Assert.Contains("| 1 | loss (nats) | 3 | 1 ± 0 |", output);
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_checkpoint_to_the_same_numbers()
    {
        string book = SweepBook.Training(work);
        File.WriteAllText(work["fast"], "");
        Assert.Equal(0, FlowkitProcess.Run("sweep", book, "--seeds", "5", "-o", work["whole"]).Code);
        File.Delete(work["fast"]);

        using (var sweep = FlowkitProcess.Start("sweep", book, "--seeds", "5", "-o", work["out"]))
        {
            SweepBook.WaitForCheckpoint(sweep, work["out/runs/seed=5"]);
            sweep.Kill();                                            // the sweep alone: its run notices
            sweep.WaitForExit();
        }
        Assert.False(File.Exists(work["out/runs/seed=5/outcome.json"]));
        File.WriteAllText(work["fast"], "");
        var (code, _, error) = FlowkitProcess.Run("sweep", book, "--seeds", "5", "-o", work["out"]);
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllText(work["whole/summary.csv"]), File.ReadAllText(work["out/summary.csv"]));
        int[] starts = SweepBook.Starts(work, 5);
        Assert.Equal([0, 0], starts[..2]);
        Assert.True(starts[2] >= 500, $"the last start was at step {starts[2]}");
    }

    [Fact]
    public void An_interrupted_sweep_says_how_far_it_came_and_its_runs_keep_a_last_checkpoint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix system.");

        string book = SweepBook.Training(work);
        using var sweep = FlowkitProcess.Start("sweep", book, "--seeds", "1..2", "--jobs", "1", "-o", work["out"]);
        SweepBook.WaitForCheckpoint(sweep, work["out/runs/seed=1"]);
        using (var signal = System.Diagnostics.Process.Start("kill", ["-TERM", $"{sweep.Id}"])) signal.WaitForExit();
        var (code, _, error) = FlowkitProcess.End(sweep);
        Assert.Equal(143, code);
        Assert.Contains("flowkit: interrupted with 0 of 2 runs done; the same command continues the sweep.", error);
        Assert.False(Directory.Exists(work["out/runs/seed=2/checkpoints"]));
        Assert.False(File.Exists(work["out/runs/seed=1/outcome.json"]));
    }

    [Fact]
    public void Two_sweeps_do_not_share_a_folder_at_a_time()
    {
        string book = SweepBook.Training(work);
        using var first = FlowkitProcess.Start("sweep", book, "-o", work["out"]);
        SweepBook.WaitForCheckpoint(first, work["out/runs/seed=0"]);
        var (code, _, error) = FlowkitProcess.Run("sweep", book, "-o", work["out"]);
        first.Kill(entireProcessTree: true);
        first.WaitForExit();
        Assert.Equal(1, code);
        Assert.Contains("another sweep is running there", error);
    }

    [Fact]
    public void A_setting_that_the_notebook_does_not_ask_for_is_refused_before_anything_runs()
    {
        string book = SweepBook.Write(work, "double loss = experiment.Setting(\"lr\", 0.1); File.WriteAllText(\"ran\", \"\");");
        Assert.Equal(2, work.Invoke("sweep", book, "--set", "rl=1", "-o", work["out"]));
        Assert.Contains("flowkit: --set rl: the notebook does not declare this setting; the declared settings are: lr.", work.Error);
        Assert.False(Directory.Exists(work["out"]));
    }

    [Fact]
    public void A_setting_whose_name_the_text_does_not_tell_is_refused_by_its_first_run()
    {
        string book = SweepBook.Write(work, "string name = \"l\" + \"r\"; double loss = experiment.Setting(name, 0.1); File.AppendAllText(\"ran\", \"x\");");
        var (code, _, error) = FlowkitProcess.Run("sweep", book, "--set", "rl=1,2,3", "--jobs", "1", "-o", work["out"]);
        Assert.Equal(2, code);
        Assert.Contains("--set rl: no notebook declares this setting; the declared settings are: Untrained, lr.", error);
        Assert.Equal("x", File.ReadAllText(work["ran"]));
    }

    [Fact]
    public void A_notebook_without_results_is_a_failed_run()
    {
        var (code, _, error) = FlowkitProcess.Run("sweep", work.Notebook("1"), "-o", work["out"]);
        Assert.Equal(1, code);
        Assert.Contains("seed=0 failed: the run wrote no results; a notebook writes them when it calls AssertClaims() on its experiment.", error);
    }

    [Theory]
    [InlineData(new[] { "--jobs", "0" }, "--jobs is a whole number of 1 or more; it was '0'.")]
    [InlineData(new[] { "--seeds", "5..1" }, "--seeds 5..1 is empty")]
    [InlineData(new[] { "--set", "lr" }, "--set is NAME=VALUE,VALUE..., as in --set lr=1e-3,1e-4; it was 'lr'.")]
    [InlineData(new[] { "--set", "seed=1,2" }, "'seed' has its own option, --seeds.")]
    [InlineData(new[] { "--set", "lr=1", "--set", "lr=2" }, "--set gives 'lr' twice.")]
    [InlineData(new[] { "--sbatch=--time=1" }, "--sbatch requires --slurm.")]
    [InlineData(new[] { "--scale", "huge" }, "--scale is smoke, quick or paper; it was 'huge'.")]
    [InlineData(new[] { "--output", "BOOK" }, "--output is a folder; it was")]
    public void A_wrong_command_line_exits_with_2_and_names_the_argument(string[] args, string message)
    {
        string book = work.Notebook("1");
        Assert.Equal(2, work.Invoke(["sweep", book, .. args.Select(arg => arg == "BOOK" ? book : arg)]));
        Assert.Contains(message, work.Error);
    }

    [Fact]
    public void Help_shows_an_example_and_does_not_show_how_runs_are_started()
    {
        Assert.Equal(0, work.Invoke("sweep", "--help"));
        Assert.Contains("flowkit sweep notebooks/02-realnvp.ipynb --set Steps=500,2000 --seeds 1..5", work.Output);
        Assert.Equal(0, work.Invoke("--help"));
        Assert.DoesNotContain(SweepTaskCommand.Name, work.Output);
    }
}
