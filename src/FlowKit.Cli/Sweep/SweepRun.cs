namespace FlowKit.Cli;

/// <summary>A run of a sweep: its point of the grid, and its folder.</summary>
internal sealed record SweepRun(SweepPoint Point, SweepRunFolder Folder)
{
    /// <summary>What came of it when its process had ended; a process that died left nothing.</summary>
    /// <param name="ending">How it ended, as "exit code 137".</param>
    public SweepOutcome Ended(string ending) =>
        Folder.Outcome ?? new(false, $"its process ended without a result, {ending}; see {Folder.Log}", false, 0);
}
