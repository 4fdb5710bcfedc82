using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Cli.Tests.Jupyter;

namespace FlowKit.Cli.Tests;

/// <summary>A notebook holds plotly.js once, however often its cells load FlowKit.</summary>
public sealed class ChartNotebookTests(JupyterHost jupyter) : IClassFixture<JupyterHost>, IDisposable
{
    private const int MostBytes = 2 << 20;

    private const string Load = "FlowKit.Interactive.FlowKitExtension.Load();";

    private const string Start = """
        using FlowKit.Interactive; using FlowKit.Data; using FlowKit.Models; using FlowKit.Training; using static TorchSharp.torch;
        FlowKit.Runtime.Seed(0);
        var ring = new GaussianRing();
        var flow = RealNvp.Create(features: 2, layers: 4, hidden: [16]);
        var grid = DensityGrid.Evaluate(x => ring.LogProb(x), (-3, 3), resolution: 80);
        """;

    private static readonly string[] charts =
    [
        "Figures.Density(grid, \"a map and samples\", ring.Sample(500))",
        "Figures.Contours(\"contours\", (\"ring\", grid))",
        "Figures.Samples(ring.Sample(1000), \"samples\", arange(1000).remainder(8))",
        "Figures.Histogram(randn(5000), \"a histogram and its truth\", truth: x => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI))",
        "Figures.Curves(\"a curve and its band\", \"x\", \"y\", Figures.WithBand(\"sine\", [0, 1, 2, 3], [0, 0.8, 0.9, 0.1], [0.1, 0.1, 0.2, 0.1]))",
        "Figures.Spectrum(exp(randn(64)), \"a spectrum\")",
        "Figures.Images(rand(20, 1, 28, 28), title: \"images\")",
        "Figures.Field(x => -x, (-2, 2), \"a field\")",
        "Figures.Deformation(\"a bent grid\", (4, 4), (\"here\", stack([linspace(-1, 1, 41).repeat(41), linspace(-1, 1, 41).repeat_interleave(41)], 1).reshape(41, 41, 2)))",
        "Figures.ThroughLayers(flow.Transform, ring.Sample(500), \"through the layers\")",
    ];

    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Ten_charts_of_different_kinds_fit_2_MB_with_plotly_once()
    {
        Assert.Equal(10, charts.Length);
        work.Run([Load, Start, .. charts]);
        Assert.True(work.ExitCode == 0, work.Error);
        Assert.Contains("10 pictures", work.Output);
        Assert.Equal(1, Loaders(work["book.ipynb"]));
        Assert.InRange(new FileInfo(work["book.ipynb"]).Length, 1_000_000, MostBytes);
    }

    [Theory]
    [InlineData("#!import load.cs", "#!import load.cs")]
    [InlineData("#!import load.cs\n#!import load.cs", "1")]
    [InlineData("#r \"nuget: FlowKit.Interactive\"", "#!import load.cs")]
    public void A_second_load_moves_plotly_and_does_not_double_it(string first, string second)
    {
        work.Write("load.cs", Load);
        work.Run([first, second, "2"]);
        Assert.Equal(0, work.ExitCode);
        Assert.Equal(1, Loaders(work["book.ipynb"]));
    }

    [Fact]
    public void Each_notebook_of_a_run_has_it()
    {
        string[] books = [.. new[] { "a", "b" }.Select(name => work.Write($"{name}.ipynb", Workspace.Document(Workspace.Code(Load)).ToJsonString()))];
        Assert.Equal(0, work.Invoke(["run", .. books]));
        Assert.Equal([1, 1], books.Select(Loaders));
    }

    [Fact]
    public void The_converter_finds_it_once_too()
    {
        string book = work.Notebook(Load, Load, Start, charts[0]);
        string printed = jupyter.RunPython("-m", "nbconvert", "--to", "notebook", "--execute", book, "--output-dir", work.Folder, "--output", "ran", $"--ExecutePreprocessor.kernel_name={JupyterHost.Kernel}");
        Assert.True(File.Exists(work["ran.ipynb"]), printed);
        Assert.Equal(1, Loaders(work["ran.ipynb"]));
    }

    [Fact]
    public void A_value_that_an_earlier_cell_shows_can_be_replaced()
    {
        var outputs = work.Run(["var place = display(1); display(2);", "place.Update(3); 4"]);
        Assert.Equal(["display:3", "display:2"], outputs[0].Words());
        Assert.Equal(["value:4"], outputs[1].Words());
    }

    // The loader's body is the one text of more than a megabyte in base64.
    private static int Loaders(string file) => NotebookFile.Read(file).Cells.Where(cell => cell.IsRunnable).SelectMany(cell => cell.Outputs)
        .Sum(output => Regex.Count(NotebookText.Join((output as JsonObject)?["data"]?["text/html"]) ?? "", "unpack\\(\"[A-Za-z0-9+/=]{1000000,}\"\\)"));
}
