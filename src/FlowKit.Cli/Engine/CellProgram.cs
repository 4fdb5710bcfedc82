namespace FlowKit.Cli;

/// <summary>What a cell asks for.</summary>
/// <param name="Segments">The segments to compile and run, or to display, in order.</param>
/// <param name="IsTimed">Whether the cell's time is measured.</param>
internal sealed record CellProgram(IReadOnlyList<CellSegment> Segments, bool IsTimed);
