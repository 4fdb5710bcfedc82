using System.Diagnostics;
using System.Globalization;
using Microsoft.DotNet.Interactive.Events;

namespace FlowKit.Kernel.Tests;

/// <summary>Cells in .NET Interactive's own C# kernel.</summary>
public sealed class CellTests : IDisposable
{
    private const string Data = "var flow = SplineFlow.Create(2); var data = new Dataset(new TwoMoons().Sample(2000));";

    private readonly KernelInProcess kernel = new();

    public void Dispose() => kernel.Dispose();

    [Theory]
    [InlineData("Figures.Samples(randn(50, 2))")]
    [InlineData("Figures.ThroughLayers(RealNvp.Create(2, layers: 2).Transform, randn(50, 2), \"layers\")")]
    [InlineData("new History(\"net\", new[] { new HistoryPoint(1, 5), new HistoryPoint(2, 3) }, Array.Empty<HistoryPoint>(), TimeSpan.Zero, 2)")]
    public async Task A_picture_comes_as_HTML_as_PNG_and_in_words(string code)
    {
        var shown = Assert.IsType<ReturnValueProduced>(Assert.Single(await kernel.Run(code)));
        shown.IsPicture();
        Assert.Contains("flowkitCharts", shown.Html());
    }

    [Theory]
    [InlineData("tensor(new[] { 1f, 2f, 4.5f })", "Tensor (3) float32 cpu", "<img ")]
    [InlineData("RealNvp.Create(2, layers: 2)", "Flow  (2)", "<pre>")]
    [InlineData("new DataFrame(new DoubleDataFrameColumn(\"x\", new[] { 1.5, 2.5 }))", "x (double)", "<table>")]
    [InlineData("new ResultTable { new Result(\"NLL\", \"nats\", 1.75) }", "NLL (nats)", "<table>")]
    [InlineData("Plotly.NET.CSharp.Chart.Line<double, double, string>(x: new[] { 1.0, 2.0 }, y: new[] { 3.0, 4.0 })", "Plotly chart of 1 traces", "flowkitCharts")]
    public async Task A_value_comes_as_HTML_and_in_words(string code, string words, string html)
    {
        var shown = Assert.IsType<ReturnValueProduced>(Assert.Single(await kernel.Run(code)));
        Assert.Equal(["text/html", "text/plain"], shown.FormattedValues.Select(form => form.MimeType));
        Assert.Contains(words, shown.Text());
        Assert.Contains(html, shown.Html());
    }

    [Fact]
    public async Task A_training_is_one_display_that_grows_and_ends_with_its_last_step()
    {
        await kernel.Run(Data);
        var clock = Stopwatch.StartNew();
        var shown = await kernel.Run("var history = Trainer.Fit(flow, data, null, new FitOptions { Steps = 600, Name = \"moons\" });");
        var first = Assert.IsType<DisplayedValueProduced>(shown[0]);
        Assert.All(shown, display => display.IsPicture());
        Assert.All(shown.Skip(1), display => Assert.Equal(first.ValueId, Assert.IsType<DisplayedValueUpdated>(display).ValueId));
        Assert.InRange(shown.Count - 1, 3, 2 + clock.Elapsed.TotalSeconds / 0.5);
        Assert.StartsWith("moons: step 600 of 600", shown[^1].Text());
    }

    [Fact]
    public async Task Two_trainings_are_two_displays()
    {
        await kernel.Run(Data);
        var shown = await kernel.Run("foreach (string name in new[] { \"first\", \"second\" }) Trainer.Fit(flow, data, null, new FitOptions { Steps = 20, Name = name });");
        Assert.Equal(2, shown.OfType<DisplayedValueProduced>().Count());
        foreach (string name in new[] { "first", "second" }) Assert.Contains(shown, display => display.Text().StartsWith($"{name}: step 20 of 20", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_training_that_is_stopped_leaves_its_weights_and_the_session()
    {
        await kernel.Run(Data);
        var before = await kernel.Run("using (no_grad()) display(flow.LogProb(data.X).mean().item<float>().ToString());");
        var running = kernel.Send("Trainer.Fit(flow, data, null, new FitOptions { Steps = 10_000_000, Name = \"endless\" });");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        await kernel.Stop();
        Assert.Single((await running).OfType<CommandFailed>());
        var after = await kernel.Run("using (no_grad()) display(flow.LogProb(data.X).mean().item<float>().ToString());");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);

        var history = await kernel.Run("display($\"{Trainer.LastHistory.Name} {Trainer.LastHistory.Train.Count > 0}\");");
        Assert.Equal("endless True", history.OfType<DisplayedValueProduced>().Last().Text());

        // The last weights are better than the first ones by far more than chance, and do not move any more.
        Assert.True(Number(after) > Number(before) + 0.2, $"{Number(after)} after {Number(before)}");
        Assert.Equal(Number(after), Number(await kernel.Run("using (no_grad()) display(flow.LogProb(data.X).mean().item<float>().ToString());")));

        static double Number(IReadOnlyList<DisplayEvent> shown) => double.Parse(shown.OfType<DisplayedValueProduced>().Last(display => !display.Html().Contains("<img")).FormattedValues.First().Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task What_is_shown_after_a_cell_has_ended_stands_below_the_next_one()
    {
        await kernel.Run(Data);
        Assert.Empty(await kernel.Run("var training = Task.Run(async () => { await Task.Delay(1000); Trainer.Fit(flow, data, null, new FitOptions { Steps = 20, Name = \"late\" }); });"));
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        var shown = await kernel.Run("await training;");
        Assert.Single(shown.OfType<DisplayedValueProduced>());
        Assert.StartsWith("late: step 20 of 20", shown[^1].Text());
        shown[^1].IsPicture();
    }

    [Fact]
    public async Task A_cell_that_fails_leaves_the_training_of_another_alone()
    {
        await kernel.Run(Data);
        await kernel.Run("var training = Task.Run(() => Trainer.Fit(flow, data, null, new FitOptions { Steps = 300, Threads = 1, Name = \"background\" }));");
        Assert.Single((await kernel.Send("throw new Exception(\"a typo\");")).OfType<CommandFailed>());
        var shown = await kernel.Run("display((await training).Train[^1].Step.ToString());");
        Assert.Equal("300", shown.OfType<DisplayedValueProduced>().Last().Text());
    }

    [Fact]
    public async Task The_charts_script_is_below_one_cell_and_below_it_again_when_that_runs_again()
    {
        int[] counts = [await Scripts("FlowKitExtension.Load();"), await Scripts(KernelInProcess.Opening), await Scripts("FlowKitExtension.Load(); 1")];
        Assert.Equal([0, 1, 0], counts);                // the cell of the constructor had it

        async Task<int> Scripts(string code) => (await kernel.Run(code)).Count(shown => shown.Html().Contains("flowkitPlotly"));
    }

    [Fact]
    public async Task Frames_tensors_datasets_and_pairs_go_into_each_other()
    {
        await kernel.Run("var frame = new DataFrame(new DoubleDataFrameColumn(\"x\", Enumerable.Range(0, 300).Select(i => Math.Sin(i))), new Int32DataFrameColumn(\"n\", Enumerable.Range(0, 300).Select(i => i % 7)), new StringDataFrameColumn(\"name\", 300));");
        Assert.StartsWith("Tensor (300, 2) float32", (await kernel.Run("frame.ToTensor(\"x\", \"n\")"))[^1].Text());
        Assert.StartsWith("Tensor (300, 1) float32", (await kernel.Run("frame.ToDataset([\"x\"], [\"n\"]).Context"))[^1].Text());
        Assert.StartsWith("a (float)  b (float)", (await kernel.Run("frame.ToTensor(\"x\", \"n\").ToDataFrame([\"a\", \"b\"])"))[^1].Text());
        (await kernel.Run("Figures.Pairs(frame.ToTensor(\"x\", \"n\"), [\"x\", \"n\"], RealNvp.Create(2))"))[^1].IsPicture();
        Assert.Contains("name", Assert.Single((await kernel.Send("frame.ToTensor(\"x\", \"name\")")).OfType<CommandFailed>()).Message);
    }
}
