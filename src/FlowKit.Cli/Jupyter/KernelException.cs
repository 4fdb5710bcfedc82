namespace FlowKit.Cli;

/// <summary>A kernel that cannot start or be installed: the message says what was expected and what came.</summary>
internal sealed class KernelException(string message, int exitCode = ExitCode.Usage) : Exception(message)
{
    /// <summary>What the process tells the shell.</summary>
    public int ExitCode => exitCode;
}
