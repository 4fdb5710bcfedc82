namespace FlowKit.Cli;

/// <summary>A run of a sweep: its point of the grid, and its folder.</summary>
internal sealed record SweepRun(SweepPoint Point, SweepRunFolder Folder)
{
    /// <summary>The outcome after the process has ended; a process that died has left none.</summary>
    /// <param name="ending">How it ended, as "exit code 137".</param>
    public SweepOutcome Ended(string ending) =>
        Folder.Outcome ?? new(false, $"the process ended without a result, {ending}; see {Folder.Log}", false, 0);
}
