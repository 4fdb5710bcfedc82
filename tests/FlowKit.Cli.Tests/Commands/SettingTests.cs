using FlowKit.Experiments;

namespace FlowKit.Cli.Tests;

public sealed class SettingTests : IDisposable
{
    private const string Start = "var e = FlowKit.Experiments.Experiment.Start(\"A: b\");";

    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_notebook_gets_what_the_command_line_sets_with_its_origin()
    {
        string[] cells = [Start, "$\"{e.Setting(\"width\", 3)} {e.Setting(\"deep\", false)}\"", "string.Join(\", \", e.Settings.Select(s => $\"{s.Name}={s.Value} {s.Origin}\"))"];
        Assert.Equal(["value:3 False"], work.Run(cells)[1].Words());
        var outputs = work.Run(cells, "--set", "width=5", "--seed", "4", "--set", "deep=TRUE");
        Assert.Equal(0, work.ExitCode);
        Assert.Equal(["value:5 True"], outputs[1].Words());
        Assert.Equal(["value:scale=quick Default, device=cpu Default, seed=4 CommandLine, width=5 CommandLine, deep=true CommandLine"], outputs[2].Words());
        Assert.Null(Environment.GetEnvironmentVariable(Experiment.SettingsVariable));
    }

    [Fact]
    public void The_command_line_overrules_the_environment()
    {
        Environment.SetEnvironmentVariable(Experiment.SettingsVariable, """{"first": 1, "second": 2}""");
        try
        {
            Assert.Equal(["value:1 7"], work.Run([Start, "$\"{e.Setting(\"first\", 0)} {e.Setting(\"second\", 0)}\""], "--set", "second=7")[1].Words());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Experiment.SettingsVariable, null);
        }
    }

    [Fact]
    public void A_setting_nobody_asks_for_exits_with_2_before_anything_runs()
    {
        string notebook = work.Notebook(Start, "e.Setting(\"rate\", 0.1)");
        string before = File.ReadAllText(notebook);
        Assert.Equal(2, work.Invoke("run", notebook, "--set", "raet=1"));
        Assert.Contains("flowkit: --set raet: no notebook declares this setting; the declared settings are: rate.", work.Error);
        Assert.Equal(before, File.ReadAllText(notebook));            // nothing ran
    }

    [Fact]
    public void A_setting_that_does_not_parse_fails_the_cell_that_asks_for_it()
    {
        work.Run([Start, "e.Setting(\"rate\", 0.1)"], "--set", "rate=fast");
        Assert.Equal(1, work.ExitCode);
        Assert.Contains("The setting 'rate' is a number; the command line says 'fast'.", work.Error);
    }

    [Theory]
    [InlineData("width", "--set is NAME=VALUE, as in --set lr=1e-4; it was 'width'.")]
    [InlineData("=3", "it was '=3'.")]
    [InlineData("a,b=3", "it was 'a,b=3'.")]
    [InlineData("seed=3", "'seed' has its own option, --seed.")]
    public void A_setting_without_name_or_value_is_a_wrong_command_line(string text, string message)
    {
        Assert.Equal(2, work.Invoke("run", work.Notebook("1"), "--set", text));
        Assert.Contains(message, work.Error);
    }

    [Fact]
    public void A_setting_given_twice_is_a_wrong_command_line()
    {
        Assert.Equal(2, work.Invoke("run", work.Notebook("1"), "--set", "x=1", "--set", "x=2"));
        Assert.Contains("--set gives 'x' twice.", work.Error);
    }

    [Fact]
    public void A_value_may_hold_an_equals_sign_and_may_be_empty()
    {
        Assert.Equal(["value:a=b|"], work.Run([Start, "e.Setting(\"text\", \"\") + \"|\" + e.Setting(\"none\", \"x\")"], "--set", "text=a=b", "--set", "none=")[1].Words());
    }

    [Fact]
    public void Results_are_written_only_where_a_folder_is_named()
    {
        string[] cells = [Start, "e.Results.Add(new(\"q\", \"nats\", 1, Claim: FlowKit.Experiments.Claim.AtMost(2))); e.AssertClaims()"];
        work.Run(cells);
        Assert.Equal(["book.ipynb"], Directory.GetFileSystemEntries(work.Folder).Select(Path.GetFileName));
        work.Run(cells, "--results", work["out/deep"]);
        Assert.Equal(0, work.ExitCode);
        Assert.Equal("experiment,scale,device,seed,quantity,unit,paper,confidence,truth,ours,standard_error,claim,verdict,tests,contradicts,without_training\nA: b,quick,cpu,0,q,nats,,,,1,,<= 2,holds,,,\n", File.ReadAllText(work["out/deep/a-b.csv"]));
        Assert.Contains("| q (nats) |", File.ReadAllText(work["out/deep/a-b.md"]));
    }

    [Fact]
    public void Results_cannot_go_to_a_file()
    {
        string book = work.Notebook("1");
        Assert.Equal(2, work.Invoke("run", book, "--results", book));
        Assert.Contains("--results is a folder; it was", work.Error);
    }
}
