using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit</c>, from its arguments to its exit code.</summary>
internal static class CommandLine
{
    private const string Description = """
        FlowKit runs notebooks about normalizing flows with nothing but the .NET SDK.

        Example:
          flowkit run notebooks/02-realnvp.ipynb --scale smoke
        """;

    /// <summary>Runs the command.</summary>
    /// <param name="args">As the shell gave them.</param>
    /// <param name="output">For progress and help.</param>
    /// <param name="error">For what went wrong.</param>
    /// <param name="isTerminal">Whether <paramref name="output"/> is a terminal that can redraw its lines.</param>
    /// <param name="interrupt">Stops the running cell; the notebook is saved.</param>
    public static async Task<int> InvokeAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, bool isTerminal = false, CancellationToken interrupt = default)
    {
        var root = new RootCommand(Description) { HelpName = "flowkit" };
        root.Subcommands.Add(RunCommand.Create(output, error, isTerminal));
        root.Subcommands.Add(CheckCommand.Create(output, error, isTerminal));
        root.Subcommands.Add(ConvertCommand.Create(output, error));
        root.Subcommands.Add(ExportCommand.Create(output, error));
        root.Subcommands.Add(ClearCommand.Create(output, error));
        root.Subcommands.Add(DataCommand.Create(output, error, isTerminal));
        root.Subcommands.Add(SweepCommand.Create(output, error, isTerminal));
        root.Subcommands.Add(SweepTaskCommand.Create(output, error));
        root.Subcommands.Add(KernelCommand.Create(output, error));

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(problem => problem.Message).Distinct()) error.WriteLine($"flowkit: {message}");
            error.WriteLine($"'flowkit --help' and 'flowkit {root.Subcommands.FirstOrDefault(command => args is [var first, ..] && command.Name == first)?.Name ?? "run"} --help' say what is possible.");
            return ExitCode.Usage;
        }
        return await parsed.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt);
    }
}
