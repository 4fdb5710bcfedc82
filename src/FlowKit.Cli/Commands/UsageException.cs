namespace FlowKit.Cli;

/// <summary>The command line asks for something impossible; the message says what was expected and what came.</summary>
internal sealed class UsageException(string message) : CommandException(message, FlowKit.Cli.ExitCode.Usage);
