using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class ImageCheckpointTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_flow_of_images_with_batch_statistics_goes_on_from_its_checkpoint_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        var whole = Train(path: null, stop: 0);
        Assert.ThrowsAny<OperationCanceledException>(() => Train(scratch["c"], stop: 5));
        var pieces = Train(scratch["c"], stop: 0);

        var (expected, actual) = (whole.state_dict(), pieces.state_dict());
        Assert.Contains(expected.Keys, key => key.EndsWith("runningMean"));
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (key, value) in expected)
            Assert.True(value.eq(actual[key]).all().ToBoolean(), key);
    }

    private static Flow Train(string? path, int stop)
    {
        manual_seed(11);
        var images = randint(0, 32, [32, 1, 4, 4], dtype: float32);
        var flow = RealNvp.ForImages(new(1, 4, 4) { Blocks = 1, Maps = 4, Levels = 32 });
        using var cancel = new CancellationTokenSource();
        Trainer.Fit(flow, images, options: new()
        {
            Steps = 12,
            BatchSize = 8,
            Threads = 1,
            Penalty = () => RealNvp.ScaleDecay(flow),
            Checkpoint = path is null ? null : new(path, Every: 3),
            Cancellation = cancel.Token,
            AfterStep = point => { if (point.Step == stop) cancel.Cancel(); },
        });
        return flow;
    }
}
