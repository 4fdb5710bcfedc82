namespace FlowKit;

/// <summary>What a distribution does with rows: each takes its own time.</summary>
internal enum RowWork
{
    /// <summary>Log-densities of given rows.</summary>
    LogProb,

    /// <summary>Draws.</summary>
    Sample,

    /// <summary>Draws and their log-densities.</summary>
    SampleWithLogProb,
}
