using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit decompress</c> and its arguments.</summary>
internal static class DecompressCommand
{
    private const string Description = """
        Brings back the images that 'flowkit compress' put into a file. The model is the one they were compressed with.
        With --levels N only the N coarsest levels of the model are read, and means stand for the others: the
        pictures are then approximate.

        Examples:
          flowkit decompress photographs.fkc pictures.fkz -o back/
          flowkit decompress photographs.fkc pictures.fkz -o preview/ --levels 1

        Exit code: 0 all images are written, 1 the file or an image is wrong, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var model = CodecOptions.Model();
        var archive = new Argument<string>("archive") { Description = "The file.", HelpName = "IN" };
        archive.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !File.Exists(token.Value)) result.AddError(CommonOptions.Wrong(token.Value, $"IN is a file that 'flowkit compress' wrote; there is no file '{token.Value}'."));
        });
        var target = new Option<string>("--output", "-o") { Description = "The folder for the images; it is made if there is none.", HelpName = "FOLDER", Required = true };
        var levels = CommonOptions.Expect(new("--levels") { Description = "How many of the model's levels are read. [default: all, exactly]", HelpName = "N" }, "a whole number of at least 1", CodecOptions.IsCount);
        var threads = CodecOptions.Threads();
        var force = new Option<bool>("--force") { Description = "Replace files that exist." };

        var command = new Command("decompress", Description) { model, archive, target, levels, threads, force };
        command.SetAction((parsed, interrupt) => Task.FromResult(new DecompressAction(parsed.GetRequiredValue(model), host).Run(
            parsed.GetRequiredValue(archive), parsed.GetRequiredValue(target), CodecOptions.CountOf(parsed.GetValue(levels)), CodecOptions.CountOf(parsed.GetValue(threads)), parsed.GetValue(force), interrupt)));
        return command;
    }
}
