using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit compress</c> and its arguments.</summary>
internal static class CompressCommand
{
    private const string Description = """
        Puts images into one smaller file, from which 'flowkit decompress' brings back their names, sizes and
        pixels exactly. Images are PNG, PGM and PPM files of 8 bits a channel; of a folder, all of these.
        The file's other bytes are not kept: texts, color profiles, the way in which a PNG was packed.

        Examples:
          flowkit compress photographs.fkc pictures/ -o pictures.fkz
          flowkit compress photographs.fkc one.png two.ppm -o both.fkz --threads 1

        Exit code: 0 the file is written, 1 an image or the file is wrong, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var model = CodecOptions.Model();
        var images = new Argument<string[]>("image") { Description = "Images, and folders of images.", Arity = ArgumentArity.OneOrMore, HelpName = "IN" };
        images.Validators.Add(result =>
        {
            foreach (string path in result.Tokens.Select(token => token.Value).Where(path => !File.Exists(path) && !Directory.Exists(path)))
                result.AddError(CommonOptions.Wrong(path, $"IN is an image or a folder of images; there is no '{path}'."));
        });
        var target = new Option<string>("--output", "-o") { Description = "The file to write.", HelpName = "OUT", Required = true };
        var threads = CodecOptions.Threads();
        var force = new Option<bool>("--force") { Description = "Replace a file that is no archive of this command." };

        var command = new Command("compress", Description) { model, images, target, threads, force };
        command.SetAction((parsed, interrupt) => Task.FromResult(new CompressAction(parsed.GetRequiredValue(model), host).Run(
            parsed.GetRequiredValue(images), parsed.GetRequiredValue(target), CodecOptions.CountOf(parsed.GetValue(threads)), parsed.GetValue(force), interrupt)));
        return command;
    }
}
