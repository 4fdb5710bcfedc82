using System.Text.Json.Nodes;
using FlowKit.Tests;

namespace FlowKit.Cli.Tests.Jupyter;

/// <summary>The kernel, seen through Jupyter's own client, its converter, and the independent suite of what a kernel must do.</summary>
public sealed class JupyterTests(JupyterHost jupyter) : IClassFixture<JupyterHost>
{
    private const double Patience = 3;

    [Theory]
    [InlineData("interrupt: endless loop")]
    [InlineData("interrupt: await")]
    [InlineData("interrupt: sleep")]
    [InlineData("interrupt: try and finally")]
    [InlineData("interrupt: training")]
    [InlineData("an interrupted training keeps its checkpoint and history")]
    [InlineData("live loss curve")]
    [InlineData("live loss curve: at most two pictures a second")]
    [InlineData("forged messages are dropped")]
    [InlineData("replayed messages are dropped")]
    [InlineData("a second kernel on one connection file is refused")]
    [InlineData("the first one goes on")]
    [InlineData("plotly.js is in one place")]
    [InlineData("a cell that reads asks the user")]
    [InlineData("comm_info knows of no comm")]
    [InlineData("a restart forgets everything and brings plotly.js again")]
    [InlineData("shutdown ends the process")]
    [InlineData("killing the parent leaves no kernel")]
    public void A_client_sees_what_it_should(string name)
    {
        string printed = jupyter.Script("probe.py");
        string line = printed.Split('\n').FirstOrDefault(line => line.StartsWith('{') && JsonNode.Parse(line)!["name"]!.GetValue<string>() == name) ?? "";
        Assert.True(line.Length > 0, $"'{name}' was not reached:\n{printed}");

        TestContext.Current.TestOutputHelper?.WriteLine(line);
        var seen = JsonNode.Parse(line)!;
        Assert.True(seen["ok"]!.GetValue<bool>(), line);
        if (name.StartsWith("interrupt", StringComparison.Ordinal)) Assert.InRange(seen["seconds"]!.GetValue<double>(), 0, Patience);
    }

    [Theory]
    [InlineData("test_completion")]
    [InlineData("test_display_data")]
    [InlineData("test_error")]
    [InlineData("test_execute_result")]
    [InlineData("test_execute_stderr")]
    [InlineData("test_execute_stdout")]
    [InlineData("test_history")]
    [InlineData("test_inspect")]
    [InlineData("test_is_complete")]
    [InlineData("test_kernel_info")]
    public void The_independent_suite_passes(string test)
    {
        string printed = jupyter.Script("conformance.py");
        Assert.Matches($@"(?m)^{test} .*\.\.\. ok\r?$", printed);
    }

    [Fact]
    public void The_converter_runs_every_notebook_as_the_command_does()
    {
        jupyter.Require();
        using var work = new Workspace();
        foreach (string notebook in Directory.GetFiles(Path.Combine(JupyterHost.Root, "notebooks"), "*.ipynb"))
        {
            string name = Path.GetFileName(notebook), there = Path.Combine(jupyter.Folder, name);
            string printed = jupyter.RunPython("-m", "nbconvert", "--to", "notebook", "--execute", notebook, "--output-dir", jupyter.Folder, $"--ExecutePreprocessor.kernel_name={JupyterHost.Kernel}");
            Assert.True(File.Exists(there), printed);
            Assert.Equal("sound", jupyter.RunPython("-c", $"import nbformat; nbformat.validate(nbformat.read(r'{there}', 4)); print('sound')").Trim());

            Assert.Equal(0, work.Invoke("run", notebook, "--scale", "smoke", "-o", work[name]));
            Assert.Equal(Spoken.In(work[name]), Spoken.In(there));
        }
    }
}
