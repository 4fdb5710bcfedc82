using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit train-codec</c> and its arguments.</summary>
internal static class TrainCodecCommand
{
    private const string Description = """
        Trains an integer discrete flow on the images of a folder (PNG, JPEG, WebP, BMP) and writes it as a codec for
        'flowkit compress'. Every eighth image is kept aside to choose the best weights by. The state of the training is
        kept in MODEL.training: the same command, on the same images, goes on from it after an interruption.

        Keep the codec: what was compressed with it cannot be read without it, and a codec trained again is another one.
        Color codecs (the default) code color images; a codec of --gray codes both.

        Pictures that were compressed with losses, as JPEG, should be shrunk at least twice (--shrink 2): what a
        codec would learn of them otherwise are the traces of that compression.

        Examples:
          flowkit train-codec pictures/ -o mine.fkc --steps 3000
          flowkit train-codec wallpapers/ -o gray.fkc --gray --shrink 2

        Exit code: 0 the codec is written, 1 an image or a file is wrong, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var folder = new Argument<string>("folder") { Description = "The folder of images.", HelpName = "FOLDER" };
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Directory.Exists(token.Value)) result.AddError(CommonOptions.Wrong(token.Value, $"FOLDER is a folder of images; there is no folder '{token.Value}'."));
        });
        var target = new Option<string>("--output", "-o") { Description = "The codec to write.", HelpName = "MODEL", Required = true };
        var gray = new Option<bool>("--gray") { Description = "A codec of one channel: it codes gray pictures, and the channels of color ones one by one." };
        var (shrink, patch) = (Count("--shrink", 1, "Average blocks of N x N pixels first."), Count("--patch", 32, "Pixels along the side of a patch, a multiple of 2^scales."));
        var (steps, batch, patches) = (Count("--steps", 2000, "Steps of the training."), Count("--batch", 32, "Patches a step."), Count("--patches", 20_000, "Patches to train on, at most."));
        var (scales, couplings, depth, maps) = (Count("--scales", 3, "Scales of the flow."), Count("--couplings", 4, "Couplings of each scale."), Count("--depth", 3, "Layers of each network."), Count("--maps", 64, "Maps of each network."));
        var (mixture, threads, seed) = (Count("--mixture", 3, "Logistics in the law of each value."), CodecOptions.Threads(), Count("--seed", 1, "Chooses patches, weights and permutations."));
        var force = new Option<bool>("--force") { Description = "Replace a file that exists. What was compressed with it cannot be read any more." };
        var rate = CommonOptions.Expect(new("--rate") { Description = "The learning rate. [default: 0.002]", HelpName = "X" }, "a number above 0", text => CommonOptions.Number(text) is > 0 and < 1);

        var command = new Command("train-codec", Description) { folder, target, gray, shrink, patch, steps, batch, patches, scales, couplings, depth, maps, mixture, rate, threads, seed, force };
        command.SetAction((parsed, interrupt) => Task.FromResult(new TrainCodecAction(
            new(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(target))
            {
                Gray = parsed.GetValue(gray),
                Shrink = CodecOptions.CountOf(parsed.GetValue(shrink)) ?? 1,
                Patch = CodecOptions.CountOf(parsed.GetValue(patch)) ?? 32,
                Steps = CodecOptions.CountOf(parsed.GetValue(steps)) ?? 2000,
                Batch = CodecOptions.CountOf(parsed.GetValue(batch)) ?? 32,
                Patches = CodecOptions.CountOf(parsed.GetValue(patches)) ?? 20_000,
                Scales = CodecOptions.CountOf(parsed.GetValue(scales)) ?? 3,
                Couplings = CodecOptions.CountOf(parsed.GetValue(couplings)) ?? 4,
                Depth = CodecOptions.CountOf(parsed.GetValue(depth)) ?? 3,
                Maps = CodecOptions.CountOf(parsed.GetValue(maps)) ?? 64,
                Mixture = CodecOptions.CountOf(parsed.GetValue(mixture)) ?? 3,
                Seed = CodecOptions.CountOf(parsed.GetValue(seed)) ?? 1,
                Rate = parsed.GetValue(rate) is { } text ? CommonOptions.Number(text) : 0.002,
                Force = parsed.GetValue(force),
                Threads = CodecOptions.CountOf(parsed.GetValue(threads)),
            },
            host).Run(interrupt)));
        return command;

        static Option<string?> Count(string name, int usual, string what) =>
            CommonOptions.Expect(new(name) { Description = $"{what} [default: {usual}]", HelpName = "N" }, "a whole number of at least 1", CodecOptions.IsCount);
    }
}
