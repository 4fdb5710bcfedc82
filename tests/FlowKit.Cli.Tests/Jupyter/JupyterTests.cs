using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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
            Assert.Equal(Texts(work[name]).Select(WithoutTimes), Texts(there).Select(WithoutTimes));
        }
    }

    // Everything the cells printed, then what they returned. A training also shows itself live in the kernel: a display the command does not store, and which parts what is printed.
    private static List<string> Texts(string notebook) =>
    [
        .. JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray().Where(cell => cell!["cell_type"]!.GetValue<string>() == "code")
            .SelectMany(cell => cell!["outputs"]!.AsArray().GroupBy(output => (string?)output!["name"] ?? "").Where(group => group.Key.Length > 0)
                .Select(stream => string.Concat(stream.Select(output => Join(output!["text"]))))
                .Concat(cell["outputs"]!.AsArray().Where(output => output!["output_type"]!.GetValue<string>() is "execute_result" or "error").Select(output => Join(output!["data"]?["text/plain"])))),
    ];

    // What a clock said or a process took of the memory, also in the column after the parameters and along an axis, and how far a table was widened for it: no two runs agree on it.
    private static string WithoutTimes(string text)
    {
        string close = Regex.Replace(text, "[ -]{2,}", " ");
        close = Regex.Replace(close, @"(against training time"" x) \[[^]]*\]", "$1 TIME");
        close = Regex.Replace(close, @"\d+ MB after", "MEMORY after");
        close = Regex.Replace(close, @"(resident memory grows .*\(MB\)) .*", "$1 MEMORY");
        return Regex.Replace(Regex.Replace(close, @"\d[\d.]* (s\b|steps/s|% of the time)", "TIME $1"), @"(\d{3},\d{3}) \d+ ", "$1 TIME ");
    }

    private static string Join(JsonNode? lines) => lines is JsonArray many ? string.Concat(many.Select(line => line!.GetValue<string>())) : lines?.GetValue<string>() ?? "";
}
