using System.Text.Json.Nodes;

namespace FlowKit.Cli.Tests;

/// <summary>A notebook with a chart of every type, a cell each.</summary>
internal static class Gallery
{
    /// <summary>What each chart is, and the cell that draws it.</summary>
    public static readonly (string Name, string Cell)[] Charts =
    [
        ("density", "Figures.Density(grid, \"density\", ring.Sample(300))"),
        ("contours", "Figures.Contours(\"contours\", (\"truth\", grid))"),
        ("samples", "Figures.Samples(ring.Sample(300), \"samples\")"),
        ("curve-with-band", "Figures.Curves(\"curve\", \"x\", \"y\", Figures.WithBand(\"mean\", [0, 1, 2, 3], [0, 1, 4, 9], [0.5, 0.5, 1, 1]))"),
        ("histogram", "Figures.Histogram(randn(5000), \"histogram\", 40, x => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI))"),
        ("images", "Figures.Images(Digits.Split().Test.Images.reshape(-1, 8, 8).narrow(0, 0, 20) / 16.0, 10, \"images\")"),
        ("spectrum", "Figures.Spectrum(linspace(2, 0.1, 20), \"spectrum\", \"scale\", expected: 1)"),
        ("arrows", "Figures.Field(x => -x, (-2, 2), \"field\")"),
        ("grid", "Figures.Deformation(\"deformation\", (1, 1), (\"a grid\", stack([linspace(0, 1, 6).unsqueeze(1).expand(6, 6), linspace(0, 1, 6).unsqueeze(0).expand(6, 6).square()], -1)))"),
        ("animation", "Figures.ThroughLayers(flow.Transform, ring.Sample(200), \"layers\")"),
    ];

    /// <summary>Runs it; the file has its outputs, and any of Jupyter's kernels that <paramref name="kernel"/> names can open it.</summary>
    public static string Run(Workspace work, string kernel = ".net-csharp")
    {
        string setup = Path.Combine(Jupyter.JupyterHost.Root, "notebooks", "setup.cs");
        string book = work.Write("gallery.ipynb", Document(setup, kernel));
        Assert.True(work.Invoke("run", book, "--scale", "smoke") == 0, work.Output + work.Error);
        return book;
    }

    private static string Document(string setup, string kernel)
    {
        var book = Workspace.Document(
        [
            Workspace.Code($"#!import {setup}"),
            Workspace.Code("manual_seed(0); var ring = new GaussianRing(); var grid = DensityGrid.Evaluate(x => ring.LogProb(x), (-3, 3), 60);"),
            Workspace.Code("var flow = RealNvp.Create(2, layers: 3); using (no_grad()) foreach (var weight in flow.parameters()) weight.add_(randn_like(weight) * 0.2);"),
            .. Charts.Select(chart => Workspace.Code(chart.Cell)),
        ]);
        book["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = kernel, ["language"] = "C#", ["name"] = kernel } };
        return book.ToJsonString();
    }
}
