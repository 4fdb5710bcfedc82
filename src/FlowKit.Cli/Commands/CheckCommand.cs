using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit check</c> and its arguments.</summary>
internal static class CheckCommand
{
    private const string Description = """
        Runs notebooks again without changing them, and compares the new outputs with the stored ones.
        Words must be the same; two numbers agree if |found - stored| <= ATOL + RTOL |stored|. Pictures are
        compared by kind and by their text. A cell tagged 'nbval-ignore-output' only has to run.

        Examples:
          flowkit check notebooks/02-realnvp.ipynb
          flowkit check notebooks/*.ipynb --scale quick --rtol 0.01 --atol 1e-6

        Exit code: 0 all outputs agree, 1 some differ or a file could not be read, 2 wrong command line, 130 interrupted.
        """;

    /// <summary>The command, ready to be parsed.</summary>
    public static Command Create(CommandHost host)
    {
        var notebooks = NotebookArgument.CreateWithOutputs("The .ipynb files to check.");
        var relative = new Option<string?>("--rtol") { Description = "The relative tolerance of a number. [default: 0.001]", HelpName = "RTOL" };
        var absolute = new Option<string?>("--atol") { Description = "The absolute tolerance that is added to it. [default: 1e-12]", HelpName = "ATOL" };
        var execution = new ExecutionOptions();
        foreach (var option in new[] { relative, absolute })
            CommonOptions.Expect(option, "a number, 0 or more", text => CommonOptions.Number(text) is >= 0 and < double.PositiveInfinity);

        var command = new Command("check", Description) { notebooks, relative, absolute };
        foreach (var option in execution.All) command.Options.Add(option);
        command.SetAction((parsed, interrupt) => DeepStack.Run(() => new CheckAction(
            execution.Read(parsed, parsed.GetRequiredValue(notebooks)),
            new(CommonOptions.Number(parsed.GetValue(relative) ?? "0.001"), CommonOptions.Number(parsed.GetValue(absolute) ?? "1e-12")),
            host).Run(interrupt)));
        return command;
    }
}
