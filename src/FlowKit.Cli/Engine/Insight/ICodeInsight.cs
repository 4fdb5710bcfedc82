namespace FlowKit.Cli;

/// <summary>What a session can tell about code that has not run yet. Positions count UTF-16 code units, as C# strings do.</summary>
internal interface ICodeInsight
{
    /// <summary>The completions at the cursor.</summary>
    Task<Completions> CompleteAsync(string code, int cursor, CancellationToken cancellation);

    /// <summary>A description of the name at the cursor, or null if nothing is known about it.</summary>
    Task<Inspection?> InspectAsync(string code, int cursor, CancellationToken cancellation);

    /// <summary>Whether the code is a complete cell or needs another line.</summary>
    Completeness IsComplete(string code);
}
