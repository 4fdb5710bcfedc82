namespace FlowKit.Cli;

/// <summary>How a cell ended.</summary>
internal enum CellStatus
{
    /// <summary>It ran to its end.</summary>
    Ok,

    /// <summary>It did not compile, or it threw.</summary>
    Failed,

    /// <summary>It was stopped by its timeout or an interrupt; the session goes on.</summary>
    Stopped,

    /// <summary>It could not be stopped: its thread hangs in the code of a library, and until that ends no other cell runs.</summary>
    Lost,
}
