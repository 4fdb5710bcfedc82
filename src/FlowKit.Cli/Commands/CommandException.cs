namespace FlowKit.Cli;

/// <summary>A command cannot do its work. The user sees the message alone, and the shell sees the exit code.</summary>
internal class CommandException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    /// <summary>The exit code of the process, one of <see cref="FlowKit.Cli.ExitCode"/>.</summary>
    public int ExitCode => exitCode;
}
