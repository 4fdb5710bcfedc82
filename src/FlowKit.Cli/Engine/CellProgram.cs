namespace FlowKit.Cli;

/// <summary>What a cell asks for.</summary>
/// <param name="Segments">To compile and run, or to show, in order.</param>
/// <param name="IsTimed">Whether it asks how long it takes.</param>
internal sealed record CellProgram(IReadOnlyList<CellSegment> Segments, bool IsTimed);
