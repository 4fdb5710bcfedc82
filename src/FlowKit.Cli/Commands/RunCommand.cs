using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit run</c> and its arguments.</summary>
internal static class RunCommand
{
    private const string Description = """
        Runs each notebook in a C# session of its own and stores the outputs in the file. The outputs of a
        .dib file go to a .ipynb file beside it.

        Examples:
          flowkit run notebooks/02-realnvp.ipynb
          flowkit run notebooks/*.ipynb -o executed/ --scale smoke --timeout 60
          flowkit run notebooks/02-realnvp.ipynb --set Steps=500 --results results/

        Exit code: 0 all cells ran, 1 a cell or a file failed, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var notebooks = NotebookArgument.Create("The .ipynb and .dib files to run.");
        var target = new Option<string?>("--output", "-o") { Description = "The target, instead of the notebook itself: a file, or a folder. It is a folder if it exists as one, if it ends in a slash, or if there are several notebooks.", HelpName = "OUT" };
        var execution = new ExecutionOptions();
        var results = new Option<string?>("--results") { Description = "Write the tables of results here, as CSV and Markdown. [default: nowhere]", HelpName = "FOLDER" };
        var checkpoints = new Option<string?>("--checkpoints") { Description = "Keep the state of trainings here, and resume from it. [default: nowhere]", HelpName = "FOLDER" };
        var allowErrors = new Option<bool>("--allow-errors") { Description = "Continue with the next cell after a failed one, and exit with 0." };

        foreach (var folder in new[] { results, checkpoints }) CommonOptions.Expect(folder, "a folder", text => text.Length > 0 && !File.Exists(text));

        var command = new Command("run", Description) { notebooks, target, results, checkpoints, allowErrors };
        foreach (var option in execution.All) command.Options.Add(option);
        command.SetAction((parsed, interrupt) => DeepStack.Run(() => new RunAction(
            execution.Read(parsed, parsed.GetRequiredValue(notebooks)) with
            {
                Output = parsed.GetValue(target),
                AllowErrors = parsed.GetValue(allowErrors),
                Results = parsed.GetValue(results),
                Checkpoints = parsed.GetValue(checkpoints),
            },
            host).Run(interrupt)));
        return command;
    }
}
