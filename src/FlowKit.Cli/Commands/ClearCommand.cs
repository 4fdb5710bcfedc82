using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit clear</c> and its arguments.</summary>
internal static class ClearCommand
{
    private const string Description = """
        Removes outputs, execution counts, and metadata of runs and windows from notebooks.

        Examples:
          flowkit clear notebooks/*.ipynb
          flowkit clear --check notebooks/*.ipynb

        Exit code: 0 all notebooks are clear, 1 a file could not be read or written or --check found something, 2 wrong command line.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var notebooks = NotebookArgument.CreateWithOutputs("The .ipynb files to clear.");
        var check = new Option<bool>("--check") { Description = "Change nothing, and exit with 1 if something would change." };

        var command = new Command("clear", Description) { notebooks, check };
        command.SetAction((parsed, _) => DeepStack.Run(() => new ClearAction(parsed.GetRequiredValue(notebooks), parsed.GetValue(check), host).Run()));
        return command;
    }
}
