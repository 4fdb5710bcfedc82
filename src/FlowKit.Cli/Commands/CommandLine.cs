using System.CommandLine;

namespace FlowKit.Cli;

/// <summary>The command <c>flowkit</c>, from its arguments to its exit code.</summary>
/// <remarks>Each command is two classes: <c>XCommand.Create</c> declares the arguments, and <c>XAction</c> does the work.</remarks>
internal static class CommandLine
{
    private const string Description = """
        FlowKit runs notebooks about normalizing flows with nothing but the .NET SDK.

        Example:
          flowkit run notebooks/02-realnvp.ipynb --scale smoke
        """;

    private static readonly Func<CommandHost, Command>[] commands =
    [
        RunCommand.Create, CheckCommand.Create, ConvertCommand.Create, ExportCommand.Create, ClearCommand.Create,
        CompressCommand.Create, DecompressCommand.Create, TrainCodecCommand.Create,
        DataCommand.Create, SweepCommand.Create, SweepTaskCommand.Create, KernelCommand.Create, DoctorCommand.Create,
    ];

    /// <summary>Runs the command.</summary>
    /// <param name="args">As the shell gave them.</param>
    /// <param name="host">Where the command works.</param>
    /// <param name="interrupt">Stops the running cell; the notebook is saved.</param>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> args, CommandHost host, CancellationToken interrupt = default)
    {
        var root = new RootCommand(Description) { HelpName = "flowkit" };
        foreach (var create in commands) root.Subcommands.Add(create(host));

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(problem => problem.Message).Distinct()) host.Complain(message);
            string command = root.Subcommands.FirstOrDefault(command => args is [var first, ..] && command.Name == first)?.Name ?? "run";
            host.Error.WriteLine($"'flowkit --help' and 'flowkit {command} --help' say what is possible.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt);
        }
        catch (CommandException refused)
        {
            host.Complain(refused.Message);
            return refused.ExitCode;
        }
    }
}
