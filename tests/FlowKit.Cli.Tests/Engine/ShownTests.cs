namespace FlowKit.Cli.Tests;

public sealed class ShownTests : IDisposable
{
    private const string Load = "using TorchSharp; using Microsoft.Data.Analysis; using FlowKit.Experiments; using FlowKit.Interactive; FlowKitExtension.Load();";

    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("FlowKit.Models.RealNvp.Create(features: 2, layers: 2)", "<pre>Flow  (2)", "Flow  (2)")]
    [InlineData("new DataFrame(new DoubleDataFrameColumn(\"x\", [1, 2.5]), new StringDataFrameColumn(\"name\", [\"a\", \"b\"]))", "<table", "x (double)  name (string)")]
    [InlineData("DataFrames.ToDataFrame(new ResultTable { new Result(\"NLL\", \"nats\", 1.5, Truth: 1.4) })", "<table", "NLL")]
    [InlineData("torch.zeros(2, 3)", "Tensor (2, 3) float32 cpu", "Tensor (2, 3) float32 cpu")]
    public void A_value_of_the_library_shows_itself_as_HTML_and_as_text(string code, string html, string text)
    {
        var data = work.Run([Load, code])[1][0]!["data"]!;
        Assert.Equal(0, work.ExitCode);
        Assert.Contains(html, data["text/html"].Joined());
        Assert.Contains(text, data["text/plain"].Joined());
    }
}
