namespace FlowKit.Cli;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Every notebook ran, or was asked to go on over its errors.</summary>
    public const int Ok = 0;

    /// <summary>A cell failed, or a notebook could not be read or written.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
