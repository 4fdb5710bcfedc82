using System.Diagnostics;

namespace FlowKit.Cli.Tests;

public sealed class TensorOutputTests : IDisposable
{
    private const string Usings = "using TorchSharp; using static TorchSharp.torch;\n";

    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_giant_tensor_is_summarized_and_never_expanded()
    {
        var clock = Stopwatch.StartNew();
        var outputs = work.Run([Usings + "FlowKit.Interactive.FlowKitExtension.Load();", "zeros(1).expand(1_000_000, 1_000_000)", "zeros(4000, 4000)"]);
        Assert.Equal(0, work.ExitCode);
        Assert.StartsWith("Tensor (1000000, 1000000) float32 cpu", outputs[1][0]!["data"]!["text/plain"].Joined());
        Assert.Contains("elements, evenly picked)", outputs[1][0]!["data"]!["text/plain"].Joined());
        Assert.All(outputs.Skip(1), output => Assert.InRange(output.ToJsonString().Length, 1, 50_000));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void A_disposed_tensor_is_said_and_not_crashed()
    {
        var outputs = work.Run([Usings + "FlowKit.Interactive.FlowKitExtension.Load();", "var t = ones(3); t.Dispose(); t", "display(t); 1"]);
        Assert.Equal(0, work.ExitCode);
        Assert.Equal("disposed tensor", outputs[1][0]!["data"]!["text/plain"].Joined());
        Assert.Contains("disposed tensor", outputs[2].Words()[0]);
    }

    [Fact]
    public void A_disposed_tensor_in_a_list_or_without_the_extension_does_not_end_the_run()
    {
        work.Run([Usings + "var t = ones(3); t.Dispose();", "new[] { t }", "new { Tensor = t }", "2"]);
        Assert.Equal(0, work.ExitCode);
    }
}
