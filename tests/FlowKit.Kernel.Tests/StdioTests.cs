using System.Diagnostics;

namespace FlowKit.Kernel.Tests;

/// <summary>.NET Interactive as Polyglot Notebooks starts it, with FlowKit's libraries by their paths.</summary>
public sealed class StdioTests
{
    private static readonly string Opening = string.Concat(
        new[] { "FlowKit", "FlowKit.Interactive", "TorchSharp", "Microsoft.Data.Analysis", "Plotly.NET", "Plotly.NET.CSharp", "FSharp.Core" }.Select(name => $"#r \"{name}.dll\"\n"))
        + "using FlowKit; using FlowKit.Data; using FlowKit.Interactive; using FlowKit.Models; using FlowKit.Training; using Microsoft.Data.Analysis; using TorchSharp; using static TorchSharp.torch;\nFlowKitExtension.Load();";

    private const string Chart = "Plotly.NET.CSharp.Chart.Line<double, double, string>(x: new[] { 1.0, 2.0 }, y: new[] { 3.0, 4.0 })";

    [Fact]
    public async Task Figures_and_users_charts_show_with_one_FSharp_Core()
    {
        using var kernel = await Started();
        Assert.Equal(["text/html", "image/png", "text/plain"], (await Succeeds(kernel, "Figures.Samples(randn(10, 2))")).Returned!.Forms.Select(form => form.MimeType));
        Assert.Contains("data-flowkit", (await Succeeds(kernel, Chart)).Returned!["text/html"]);
        Assert.Equal("1", (await Succeeds(kernel, "AppDomain.CurrentDomain.GetAssemblies().Count(one => one.GetName().Name == \"FSharp.Core\").ToString()")).Returned!["text/plain"]);
    }

    [Fact]
    public async Task Plotly_that_was_broken_before_FlowKit_came_is_named_with_its_remedy()
    {
        using var kernel = new StdioKernel(AppContext.BaseDirectory);
        Assert.NotNull((await kernel.Run($"#r \"Plotly.NET.dll\"\n#r \"Plotly.NET.CSharp.dll\"\n#r \"FSharp.Core.dll\"\n{Chart}")).Error);
        Assert.Contains("restart the kernel and load FlowKit first", (await kernel.Run(Opening)).Error);
    }

    [Fact]
    public async Task A_stopped_training_keeps_the_session_and_a_loop_in_another_notebook_goes_on()
    {
        using var kernel = await Started();
        using var other = await Started();
        await Succeeds(other, "var kept = 41;");
        await Succeeds(kernel, "var flow = SplineFlow.Create(2); var data = new Dataset(new TwoMoons().Sample(2000));");
        string training = kernel.Send("Trainer.Fit(flow, data, null, new FitOptions { Steps = 10_000_000, Name = \"endless\" });");
        var shown = await kernel.Shown(training);
        var clock = Stopwatch.StartNew();
        kernel.Stop();
        var stopped = await kernel.Ended(training);
        Assert.NotNull(stopped.Error);
        Assert.Single(stopped.Outputs.Append(shown).Select(output => output.Id).Distinct());
        Assert.StartsWith("Tensor (3)", (await Succeeds(kernel, "flow.LogProb(data.X.narrow(0, 0, 3))")).Returned!["text/plain"]);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);                 // the rest of the training would take hours; on a busy machine the answer has to wait for its turn
        Assert.Equal("42", (await Succeeds(other, "(kept + 1).ToString()")).Returned!["text/plain"]);
    }

    [Fact]
    public async Task A_frame_goes_to_another_language_row_by_row()
    {
        using var kernel = await Started();
        await Succeeds(kernel, "var frame = new DataFrame(new DoubleDataFrameColumn(\"x\", new[] { 1.5, 2.5 }), new StringDataFrameColumn(\"name\", new[] { \"a\", \"b\" }));");
        foreach (var (language, code) in new[]
        {
            ("csharp", "$\"{shared.RootElement[1].GetProperty(\"x\")} {shared.RootElement[0].GetProperty(\"name\")}\""),
            ("fsharp", "string (shared.RootElement.[1].GetProperty \"x\") + \" \" + string (shared.RootElement.[0].GetProperty \"name\")"),
        })
        {
            var cell = await kernel.Run($"#!set --name shared --value @csharp:frame --mime-type application/json\n{code}", language);
            Assert.True(cell.Error is null, cell.Error);
            Assert.Equal("2.5 a", cell.Returned!["text/plain"]);
        }
    }

    private static async Task<StdioKernel> Started()
    {
        var kernel = new StdioKernel(AppContext.BaseDirectory);
        await Succeeds(kernel, Opening);
        return kernel;
    }

    private static async Task<StdioCell> Succeeds(StdioKernel kernel, string code)
    {
        var cell = await kernel.Run(code);
        Assert.True(cell.Error is null, cell.Error);
        return cell;
    }
}
