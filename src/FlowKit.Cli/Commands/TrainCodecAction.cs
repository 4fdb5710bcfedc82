using System.Diagnostics;
using System.Globalization;
using FlowKit.Compression;
using FlowKit.Data;
using FlowKit.Models;
using FlowKit.Training;
using static TorchSharp.torch;

namespace FlowKit.Cli;

/// <summary>Trains a codec on the images of a folder.</summary>
internal sealed class TrainCodecAction(TrainCodecSettings settings, CommandHost host) : IProgress<TrainingProgress>
{
    private const int AsideEvery = 8, MostAside = 512;
    private static readonly string[] endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp"];
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(10);
    private readonly Stopwatch sinceLine = Stopwatch.StartNew();
    private int gray;

    private int Channels => settings.Gray ? 1 : 3;

    private string Checkpoint => $"{settings.Target}.training";

    private long Dimensions => (long)Channels * settings.Patch * settings.Patch;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">An image or a file is wrong, or the training cannot go on.</exception>
    public int Run(CancellationToken interrupt)
    {
        CheckTarget();
        using var scope = NewDisposeScope();
        Runtime.Seed(settings.Seed);
        var (train, validation) = CodecOptions.Guard(Patches);
        var flow = CodecOptions.Guard(() => IntegerDiscreteFlow.ForImages(new(Channels, settings.Patch, settings.Patch)
        {
            Scales = settings.Scales,
            Couplings = settings.Couplings,
            Depth = settings.Depth,
            Maps = settings.Maps,
            PriorComponents = settings.Mixture,
            Components = settings.Mixture,
            Seed = settings.Seed,
        }));
        IntegerDiscreteFlow.UseStatisticsOf(flow, train);
        host.Output.WriteLine($"{train.size(0)} patches of {Channels}x{settings.Patch}x{settings.Patch} to train on, {validation.size(0)} to choose by; {flow.ParameterCount} parameters");
        try
        {
            var history = Trainer.Fit(flow, train, validation, new()
            {
                Name = Path.GetFileName(settings.Target),
                Steps = settings.Steps,
                BatchSize = settings.Batch,
                LearningRate = settings.Rate,
                EvaluateEvery = Math.Max(1, settings.Steps / 20),
                Threads = settings.Threads,
                Progress = this,
                Cancellation = interrupt,
                Checkpoint = new CheckpointOptions(Checkpoint, Every: Math.Max(1, settings.Steps / 40)),
            });
            foreach (var point in history.Validation) host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  step {point.Step}: {Bits.PerDimension(-point.Loss, Dimensions):F3} bits/dim"));
        }
        catch (TrainingStoppedException)
        {
            throw new CommandException($"interrupted; the same command goes on from {Checkpoint}.", ExitCode.Interrupted);
        }
        catch (Exception problem) when (problem is CheckpointException or TrainingException)
        {
            throw new CommandException(problem.Message);
        }

        var codec = CodecOptions.Guard(() => Codec.Freeze(flow));
        double frozen = Bits.PerDimension(codec.LogProb(validation).mean().ToDouble(), Dimensions);
        double trained = Bits.PerDimension(-Trainer.NegativeLogLikelihood(flow, validation).Mean, Dimensions);
        CodecOptions.Guard(() =>
        {
            codec.Save(settings.Target);
            return 0;
        });
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{settings.Target}: {new FileInfo(settings.Target).Length / 1e6:F2} MB, {frozen:F3} bits a channel on images kept aside ({trained:F3} before it was frozen), codec {codec.Identity[..12]}"));
        return ExitCode.Ok;
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (sinceLine.Elapsed < pause && !value.IsLast) return;
        sinceLine.Restart();
        host.Output.WriteLine($"  {Phrases.Training(value with { Loss = Bits.PerDimension(-value.Loss, Dimensions), Validation = value.Validation is { } loss ? Bits.PerDimension(-loss, Dimensions) : null })}");
        host.Output.Flush();
    }

    // What only the codec that lies there decodes would be lost with it.
    private void CheckTarget()
    {
        OutputFile.CheckWritable(settings.Target);
        if (settings.Force || !File.Exists(settings.Target) || File.Exists(Checkpoint)) return;
        throw new UsageException($"'{settings.Target}' exists, and no {Checkpoint} that the training could go on from; --force replaces it. Archives made with a codec cannot be read without it.");
    }

    // Split by image: patches of one resemble each other.
    private (Tensor Train, Tensor Validation) Patches()
    {
        string[] files = [.. Directory.EnumerateFiles(settings.Folder).Where(file => endings.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)];
        if (files.Length < 2) throw new InvalidDataException($"{settings.Folder} has {Phrases.Count(files.Length, "image")} ({string.Join(", ", endings)}); expected at least 2, one of which is kept aside.");

        int last = (files.Length - 1) % AsideEvery;       // the last image is kept aside, and every eighth before it
        Tensor[] all = [.. files.Select(Patches)];
        if (gray > 0) host.Output.WriteLine($"  {Phrases.Count(gray, "image")} of {files.Length} {(gray == 1 ? "is" : "are")} gray: a codec of 3 channels codes color alone, one of --gray codes both");
        var train = Some([.. all.Where((_, i) => i % AsideEvery != last)], settings.Patches);
        return (train, Some([.. all.Where((_, i) => i % AsideEvery == last)], MostAside));
    }

    private Tensor Patches(string file)
    {
        using var scope = NewDisposeScope();
        var image = ImageFile.Load(file).to(float32);
        if (!settings.Gray && image.eq(image.narrow(0, 0, 1)).all().ToBoolean()) gray++;
        if (settings.Gray) image = (image * tensor(new[] { 0.299f, 0.587f, 0.114f }).view(3, 1, 1)).sum(dim: 0, keepdim: true);
        if (settings.Shrink > 1)
        {
            if (image.size(1) < settings.Shrink || image.size(2) < settings.Shrink) throw new InvalidDataException($"{file}: the image has {image.size(2)} x {image.size(1)} pixels, too few to be shrunk.");
            image = nn.functional.avg_pool2d(image.unsqueeze(0), settings.Shrink).squeeze(0);
        }
        if (image.size(1) < settings.Patch || image.size(2) < settings.Patch)
            throw new InvalidDataException($"{file}: the image has {image.size(2)} x {image.size(1)} pixels; a patch has {settings.Patch} x {settings.Patch}.");
        return ImageFile.Patches(image.round(), settings.Patch).MoveToOuterDisposeScope();        // means of 0..255 need no clamp
    }

    private static Tensor Some(Tensor[] parts, int most)
    {
        var all = cat(parts, dim: 0);
        return all.size(0) <= most ? all : all.index_select(0, randperm(all.size(0))[..most]);
    }
}
