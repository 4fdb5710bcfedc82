using System.Text.Json.Nodes;
using FlowKit.Cli.Tests.Jupyter;

namespace FlowKit.Cli.Tests;

public sealed class CommittedNotebookTests(JupyterHost jupyter) : IClassFixture<JupyterHost>
{
    private const int MostBytes = 3 << 20;

    public static TheoryData<string> Notebooks => [.. Directory.GetFiles(Path.Combine(JupyterHost.Root, "notebooks"), "*.ipynb").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Notebooks))]
    public void A_notebook_is_valid_nbformat(string name)
    {
        var book = JsonNode.Parse(Text(name))!.AsObject();
        Assert.Empty(NotebookSchema.Violations(book));
        Assert.Equal(5, (int)book["nbformat_minor"]!);
        Assert.Equal(Notebook.DefaultMetadata["kernelspec"]!.ToJsonString(), book["metadata"]!["kernelspec"]!.ToJsonString());
    }

    [Theory, MemberData(nameof(Notebooks))]
    public void A_notebook_stands_as_the_program_writes_it(string name) => Assert.Equal(NotebookFile.Parse(Text(name), name).ToString(), Text(name));

    [Theory, MemberData(nameof(Notebooks))]
    public void A_notebook_is_at_most_3_MB_and_holds_the_chart_library_at_most_once(string name)
    {
        Assert.InRange(new FileInfo(PathOf(name)).Length, 1, MostBytes);
        Assert.InRange(Copies(Text(name)), 0, 1);
    }

    [Theory, MemberData(nameof(Notebooks))]
    public void A_notebook_ran_from_its_first_cell_to_its_last_without_an_error(string name)
    {
        var cells = NotebookFile.Parse(Text(name), name).Cells.Where(cell => cell.IsRunnable).ToArray();
        Assert.NotEmpty(cells);
        Assert.All(cells, cell => Assert.True(cell.HasRun));
        Assert.DoesNotContain(cells, OutputTexts.HasError);
    }

    [Theory, MemberData(nameof(Notebooks))]
    public void Jupyter_finds_a_notebook_valid(string name) =>
        Assert.Contains("valid", jupyter.RunPython("-c", "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT)); print('valid')", PathOf(name)));

    [Fact]
    public void A_second_chart_library_is_seen() =>
        Assert.Equal([0, 2], new[] { "\"no charts\"", $"unpack(\\\"{new string('A', 1_500_000)}\\\") and /* plotly.js v2 */" }.Select(Copies));

    // Packed it is one string of more than a megabyte; plain it begins with its name.
    private static int Copies(string text) => text.Split('"').Count(part => part.Length > 1_000_000) + (text.Split("plotly.js v").Length - 1);

    private static string PathOf(string name) => Path.Combine(JupyterHost.Root, "notebooks", name);

    private static string Text(string name) => File.ReadAllText(PathOf(name));
}
