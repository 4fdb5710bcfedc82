using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit clear</c>: its arguments, and what each one may be.</summary>
internal static class ClearCommand
{
    private const string Description = """
        Removes outputs, execution counts and traces of runs and windows from notebooks.

        Examples:
          flowkit clear notebooks/*.ipynb
          flowkit clear --check notebooks/*.ipynb

        Exit code: 0 all notebooks are clear, 1 a file could not be read or written or --check found something, 2 wrong command line.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(TextWriter output, TextWriter error)
    {
        var notebooks = new Argument<string[]>("notebook") { Description = "The .ipynb files to clear.", Arity = ArgumentArity.OneOrMore, HelpName = "NOTEBOOK" };
        var check = new Option<bool>("--check") { Description = "Change nothing, and exit with 1 if something would change." };
        notebooks.Validators.Add(NotebookArgument.Check);
        notebooks.Validators.Add(NotebookArgument.CheckOutputs);

        var command = new Command("clear", Description) { notebooks, check };
        command.SetAction(parsed => ClearNotebooks.Run(parsed.GetValue(notebooks)!, parsed.GetValue(check), output, error));
        return command;
    }
}
