namespace FlowKit.Cli;

/// <summary>A cell to run.</summary>
/// <param name="Source">Its text, with magics.</param>
/// <param name="Name">What error messages call it, as "cell 3".</param>
/// <param name="OnOutput">Receives each output as it occurs, one at a time, on the thread that made it.</param>
/// <param name="Timeout">How long its code may run; null: without a limit.</param>
/// <param name="OutlivesCell">Whether outputs of tasks that the cell leaves behind still arrive after it ended.</param>
internal sealed record CellRequest(string Source, string Name, Action<CellOutput> OnOutput, TimeSpan? Timeout = null, bool OutlivesCell = false);
