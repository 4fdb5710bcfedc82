using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit export</c> and its arguments.</summary>
internal static class ExportCommand
{
    private const string Description = """
        Writes each notebook, as it is stored, as one HTML page that needs no network. The page holds text,
        formulas, code, outputs, and charts that stay interactive. Nothing is run.

        Examples:
          flowkit export notebooks/02-realnvp.ipynb
          flowkit export notebooks/*.ipynb -o pages/

        Exit code: 0 all pages are written, 1 a file could not be read or written, 2 wrong command line.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var notebooks = NotebookArgument.Create("The .ipynb and .dib files to export.");
        var target = new Option<string?>("--output", "-o") { Description = "The target, instead of a file beside the notebook: a .html file, or a folder. It is a folder if it exists as one, if it ends in a slash, or if there are several notebooks.", HelpName = "OUT" };
        var force = new Option<bool>("--force") { Description = "Replace files that this command did not write." };

        var command = new Command("export", Description) { notebooks, target, force };
        command.SetAction((parsed, _) => DeepStack.Run(() => new ExportAction(parsed.GetRequiredValue(notebooks), parsed.GetValue(target), parsed.GetValue(force), host).Run()));
        return command;
    }
}
