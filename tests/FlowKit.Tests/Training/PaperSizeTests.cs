using FlowKit.Data;
using FlowKit.Models;
using FlowKit.Tests.Data.Files;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

/// <summary>The paper's CIFAR-10 model in its full size, from an archive as published, for a few steps.</summary>
public sealed class PaperSizeTests : IDisposable
{
    private const long Parameters = 18_422_115;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_papers_CIFAR_10_model_trains_from_the_archive_and_goes_on_from_its_checkpoint_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        File.WriteAllBytes(scratch["cifar-10-binary.tar.gz"], Fixtures.CifarArchive(
            [.. Enumerable.Range(1, 5).Select(i => ($"data_batch_{i}.bin", Fixtures.Cifar(4))), ("test_batch.bin", Fixtures.Cifar(2))]));
        var (whole, wholeLosses) = Train(checkpoint: null, stop: 0);
        var (cut, firstLosses) = Train(scratch["c"], stop: 1);
        var (pieces, lastLosses) = Train(scratch["c"], stop: 0);

        Assert.Equal(Parameters, whole.ParameterCount);
        Assert.Equal(wholeLosses, firstLosses.Concat(lastLosses));
        foreach (var (key, value) in whole.state_dict())
            Assert.True(value.eq(pieces.state_dict()[key]).all().ToBoolean(), key);
        Assert.Contains(whole.state_dict(), entry => !entry.Value.eq(cut.state_dict()[entry.Key]).all().ToBoolean());

        var test = CifarFile.LoadArchive(scratch["cifar-10-binary.tar.gz"], test: true).Images.to(float32);
        Assert.InRange(Trainer.NegativeLogLikelihood(pieces, test).InBitsPerDimension(3072).Mean, 1, 20);
    }

    private (Flow Flow, List<double> Losses) Train(string? checkpoint, int stop)
    {
        manual_seed(7);
        var images = CifarFile.LoadArchive(scratch["cifar-10-binary.tar.gz"]).Images.to(float32);
        var flow = RealNvp.ForImages(ImageSizes.Cifar10);
        var losses = new List<double>();
        using var cancel = new CancellationTokenSource();
        var options = new FitOptions
        {
            Steps = 2,
            BatchSize = 2,
            Threads = 1,
            Schedule = Schedule.Constant,
            GradientClip = 100,
            Penalty = () => RealNvp.ScaleDecay(flow),
            Checkpoint = checkpoint is null ? null : new(checkpoint, Every: 2),
            Cancellation = cancel.Token,
            AfterStep = point =>
            {
                losses.Add(point.Loss);
                if (point.Step == stop) cancel.Cancel();
            },
        };
        if (stop == 0) Trainer.Fit(flow, images, options: options);
        else Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(flow, images, options: options));
        return (flow, losses);
    }
}
