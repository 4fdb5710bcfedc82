namespace FlowKit.Cli;

/// <summary>The exit codes of the command.</summary>
internal static class ExitCode
{
    /// <summary>Everything succeeded, or errors were allowed.</summary>
    public const int Ok = 0;

    /// <summary>A cell failed, or a notebook could not be read or written.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
