using FlowKit.Experiments;
using FlowKit.Training;

namespace FlowKit.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_failed_cell_ends_its_notebook_and_clears_what_comes_after()
    {
        work.Run(["1", "2", "3"]);
        File.WriteAllText(work["book.ipynb"], File.ReadAllText(work["book.ipynb"]).Replace("\"2\"", "\"throw new Exception(\\\"x\\\");\"", StringComparison.Ordinal));
        Assert.Equal(1, work.Invoke("run", work["book.ipynb"]));
        var cells = work.Read("book.ipynb")["cells"]!.AsArray();
        Assert.Equal(["value:1"], cells[0]!["outputs"]!.AsArray().Words());
        Assert.Equal(["error:Exception:x"], cells[1]!["outputs"]!.AsArray().Words());
        Assert.Empty(cells[2]!["outputs"]!.AsArray());
        Assert.Null(cells[2]!["execution_count"]);
        Assert.Contains("book.ipynb: 2 of 3 cells, 0 pictures, ", work.Output);
    }

    [Fact]
    public void Settings_reach_the_notebook_and_the_environment_is_restored()
    {
        Environment.SetEnvironmentVariable(Experiment.SeedVariable, "7");
        Environment.SetEnvironmentVariable(Experiment.DeviceVariable, null);
        string[] cells = ["$\"{Get(\"SCALE\")} {Get(\"DEVICE\")} {Get(\"SEED\")}\"; static string Get(string name) => Environment.GetEnvironmentVariable(\"FLOWKIT_\" + name);".Replace("$\"", "var all = $\"", StringComparison.Ordinal), "all"];
        Assert.Equal(["value:  7"], work.Run(cells)[1].Words());
        Assert.Equal(["value:smoke cuda:1 -3"], work.Run(cells, "--scale", "smoke", "--device", "cuda:1", "--seed", "-3")[1].Words());
        Assert.Equal("7", Environment.GetEnvironmentVariable(Experiment.SeedVariable));
        Assert.Null(Environment.GetEnvironmentVariable(Experiment.ScaleVariable));
        Environment.SetEnvironmentVariable(Experiment.SeedVariable, null);
    }

    [Fact]
    public void An_experiment_reads_the_settings_of_the_run() =>
        Assert.Equal(["value:Smoke 5"], work.Run(["var e = FlowKit.Experiments.Experiment.Start(\"t\"); $\"{e.Scale} {e.Seed}\""], "--scale", "smoke", "--seed", "5")[0].Words());

    [Theory]
    [InlineData(new[] { "run", "BOOK", "--scale", "huge" }, "--scale is smoke, quick or paper; it was 'huge'.")]
    [InlineData(new[] { "run", "BOOK", "--device", "tpu" }, "--device is cpu, cuda or cuda:N; it was 'tpu'.")]
    [InlineData(new[] { "run", "BOOK", "--seed", "1.5" }, "--seed is a whole number of 64 bits; it was '1.5'.")]
    [InlineData(new[] { "run", "BOOK", "--timeout", "-1" }, "--timeout is a number of seconds above 0; it was '-1'.")]
    [InlineData(new[] { "run", "BOOK", "--timeout", "0" }, "--timeout is a number of seconds above 0; it was '0'.")]
    [InlineData(new[] { "run", "BOOK", "--timeout", "NaN" }, "--timeout is a number of seconds above 0; it was 'NaN'.")]
    [InlineData(new[] { "run", "BOOK", "--timeout", "soon" }, "--timeout is a number of seconds above 0; it was 'soon'.")]
    [InlineData(new[] { "run", "BOOK", "--fast" }, "There is no option '--fast'.")]
    [InlineData(new[] { "run", "nowhere.ipynb" }, "there is no file 'nowhere.ipynb'.")]
    [InlineData(new[] { "run", "." }, "'.' is a folder.")]
    [InlineData(new[] { "run" }, "Required argument 'NOTEBOOK' missing")]
    [InlineData(new[] { "walk" }, "'walk'")]
    [InlineData(new string[0], "command")]
    [InlineData(new[] { "run", "BOOK", "-o" }, "missing for option: '-o'")]
    [InlineData(new[] { "run", "BOOK", "-o", "notes.txt" }, "--output is an .ipynb file or a folder (existing, or ending in a slash); it was 'notes.txt'.")]
    [InlineData(new[] { "run", "BOOK", "-o", "" }, "--output names a file or a folder; it was ''.")]
    [InlineData(new[] { "run", "BOOK", "BOOK" }, "two would write")]
    [InlineData(new[] { "run", "BOOK", "OTHER", "-o", "out.ipynb" }, "--output must be a folder if there are several notebooks; 'out.ipynb' is a file.")]
    public void A_wrong_command_line_exits_with_2_and_names_the_argument(string[] args, string message)
    {
        string book = work.Notebook("1"), other = work.Write("other.ipynb", File.ReadAllText(book)), before = File.ReadAllText(book);
        Assert.Equal(2, work.Invoke([.. args.Select(arg => arg switch { "BOOK" => book, "OTHER" => other, _ => arg })]));
        Assert.Contains(message, work.Error);
        Assert.Equal("", work.Output);
        Assert.Equal(before, File.ReadAllText(book));
    }

    [Fact]
    public void Help_shows_an_example_and_every_option()
    {
        Assert.Equal(0, work.Invoke("--help"));
        Assert.Contains("flowkit run notebooks/", work.Output);
        Assert.Equal(0, work.Invoke("run", "--help"));
        foreach (string option in new[] { "--output", "--scale", "--device", "--seed", "--set", "--results", "--timeout", "--allow-errors" }) Assert.Contains(option, work.Output);
        Assert.Equal(0, work.Invoke("--version"));
        Assert.StartsWith("0.", work.Output);
    }

    [Fact]
    public void An_output_is_a_file_for_one_notebook_and_leaves_the_notebook_alone()
    {
        string book = work.Notebook("1"), before = File.ReadAllText(book);
        Assert.Equal(0, work.Invoke("run", book, "-o", work["out.ipynb"]));
        Assert.Equal(before, File.ReadAllText(book));
        Assert.Equal(["value:1"], work.Read("out.ipynb")["cells"]![0]!["outputs"]!.AsArray().Words());
    }

    [Theory]
    [InlineData("existing", false)]
    [InlineData("new/deep/", false)]
    [InlineData("several", true)]
    public void An_output_is_a_folder(string folder, bool several)
    {
        Directory.CreateDirectory(work["existing"]);
        string book = work.Notebook("1"), other = work.Write("other.ipynb", File.ReadAllText(book));
        Assert.Equal(0, work.Invoke(["run", book, .. several ? new[] { other } : [], "-o", work[folder]]));
        Assert.NotNull(work.Read(Path.Combine(folder, "book.ipynb")));
        Assert.Equal(several, File.Exists(work[Path.Combine(folder, "other.ipynb")]));
    }

    [Theory]
    [InlineData("file.txt/out.ipynb")]
    [InlineData("nowhere/out.ipynb")]
    [InlineData("file.txt/")]
    public void An_output_that_cannot_be_written_is_found_before_the_cells_run(string output)
    {
        work.Write("file.txt", "");
        string book = work.Notebook("File.WriteAllText(\"ran.txt\", \"\");");
        Assert.Equal(1, work.Invoke("run", book, "-o", work[output]));
        Assert.Contains(work[output], work.Error);
        Assert.False(File.Exists(work["ran.txt"]));
    }

    [Fact]
    public void Relative_paths_mean_the_folder_the_command_was_called_in()
    {
        work.Notebook("Directory.CreateDirectory(\"inner\"); Directory.SetCurrentDirectory(\"inner\");", "2");
        string before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(Path.GetDirectoryName(work.Folder)!);
            Assert.Equal(0, work.Invoke("run", Path.Combine(Path.GetFileName(work.Folder), "book.ipynb")));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
        Assert.Equal(["value:2"], work.Read("book.ipynb")["cells"]![1]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void One_notebook_that_fails_does_not_keep_the_others_from_running()
    {
        string bad = work.Write("bad.ipynb", Workspace.Document(Workspace.Code("throw new Exception(\"x\");")).ToJsonString());
        string book = work.Notebook("int y = 1; y");
        Assert.Equal(1, work.Invoke("run", bad, book));
        Assert.Equal(["value:1"], work.Read("book.ipynb")["cells"]![0]!["outputs"]!.AsArray().Words());
    }

    [Fact]
    public void Sessions_do_not_share_variables()
    {
        string first = work.Write("first.ipynb", Workspace.Document(Workspace.Code("int y = 1;")).ToJsonString());
        Assert.Equal(1, work.Invoke("run", first, work.Notebook("y")));
        Assert.Contains("book.ipynb, cell 1, line 1: error CS0103: The name 'y'", work.Error);
    }

    [Fact]
    public void The_notebooks_own_text_stays_off_the_terminal()
    {
        work.Run(["Console.WriteLine(\"secret\"); Console.Error.WriteLine(\"secret\");"]);
        Assert.DoesNotContain("secret", work.Output + work.Error);
        Assert.Contains("  cell 1/1: ok, ", work.Output);
    }

    [Fact]
    public void The_console_and_the_training_host_are_given_back()
    {
        var before = Console.Out;
        work.Run(["1"]);
        Assert.Same(before, Console.Out);
        Assert.Null(TrainingHost.Progress);
        Assert.False(TrainingHost.Cancellation.CanBeCanceled);
    }
}
