namespace FlowKit.Cli;

/// <summary>What a session knows about code that has not run yet. Positions count UTF-16 units, as C# strings do.</summary>
internal interface ICodeInsight
{
    /// <summary>What could stand at the cursor.</summary>
    Task<Completions> CompleteAsync(string code, int cursor, CancellationToken cancellation);

    /// <summary>What the name at the cursor is, or null if there is none that is known.</summary>
    Task<Inspection?> InspectAsync(string code, int cursor, CancellationToken cancellation);

    /// <summary>Whether the code is a whole cell, or its writer would want another line.</summary>
    Completeness IsComplete(string code);
}
