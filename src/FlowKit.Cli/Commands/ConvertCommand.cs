using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit convert</c> and its arguments.</summary>
internal static class ConvertCommand
{
    private const string Description = """
        Converts .ipynb notebooks to .dib and back. A .dib file holds sources and languages, but no outputs.

        Examples:
          flowkit convert chapter.ipynb chapter.dib
          flowkit convert notebooks/*.ipynb plain/

        Exit code: 0 all files are written, 1 a file could not be read or written, 2 wrong command line.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "One or more notebooks, followed by the target: a .ipynb or .dib file, or a folder. A target is a folder if it exists as one, if it ends in a slash, or if there are several notebooks.",
            Arity = new(2, 100_000),
            HelpName = "NOTEBOOK... OUT",
        };
        var force = new Option<bool>("--force") { Description = "Replace files that exist." };
        files.Validators.Add(result => NotebookArgument.Check(result, result.Tokens.SkipLast(1).Select(token => token.Value)));

        var command = new Command("convert", Description) { files, force };
        command.SetAction((parsed, _) => DeepStack.Run(() => new ConvertAction(parsed.GetRequiredValue(files), parsed.GetValue(force), host).Run()));
        return command;
    }
}
