namespace FlowKit.Cli;

/// <summary>A cell that is being stopped asked whether it may go on.</summary>
internal sealed class CellStoppedException() : OperationCanceledException("The cell was stopped.");
