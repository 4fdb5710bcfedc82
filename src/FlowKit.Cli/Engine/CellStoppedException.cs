namespace FlowKit.Cli;

/// <summary>A cell that is being stopped checked whether it may continue.</summary>
internal sealed class CellStoppedException() : OperationCanceledException("The cell was stopped.");
