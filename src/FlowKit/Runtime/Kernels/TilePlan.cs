namespace FlowKit;

/// <summary>Which products of a masked matrix a kernel does: for every six rows, the runs of columns in which any of them has an entry.</summary>
/// <remarks>Of a staircase (a MADE whose units are sorted by degree) that leaves out half of the dense product. A run is whole where all six rows have every entry, so that a kernel reads the matrix as it
/// is, and ragged elsewhere: there it reads a copy with zeros outside the mask.</remarks>
internal sealed class TilePlan
{
    /// <summary>Rows that a kernel holds in registers.</summary>
    public const int Rows = 6;

    // A shorter run is not worth a kernel's call of its own.
    private const int Shortest = 8;

    private readonly bool[]? mask;
    private readonly int rows, rowStep, columnStep;
    private readonly Run[][] groups;
    private readonly long[] work;

    /// <param name="rows">Of the matrix.</param>
    /// <param name="columns">Of the matrix.</param>
    /// <param name="mask">Where it has entries; null = everywhere.</param>
    /// <param name="rowStep">From one row of the mask to the next.</param>
    /// <param name="columnStep">From one column of the mask to the next.</param>
    public TilePlan(int rows, int columns, bool[]? mask, int rowStep, int columnStep)
    {
        (this.mask, this.rows, this.rowStep, this.columnStep) = (mask, rows, rowStep, columnStep);
        groups = [.. Enumerable.Range(0, (rows + Rows - 1) / Rows).Select(group => mask is null ? [new Run(0, columns, IsRagged: false)] : RunsOf(group, columns))];
        work = new long[groups.Length + 1];
        for (int group = 0; group < groups.Length; group++) work[group + 1] = work[group] + 1 + groups[group].Sum(run => (long)run.Length);
    }

    /// <summary>Groups of six rows; the last may have fewer.</summary>
    public int Groups => groups.Length;

    /// <summary>Rows in a group.</summary>
    public int RowsOf(int group) => Math.Min(Rows, rows - Rows * group);

    /// <summary>Its runs in ascending order, at least one, which may be empty.</summary>
    public ReadOnlySpan<Run> Runs(int group) => groups[group];

    /// <summary>Whether the matrix has this entry.</summary>
    public bool Has(int row, int column) => mask is null || mask[row * rowStep + column * columnStep];

    /// <summary>Which of so many parts of nearly equal work a group belongs to: the one that its first column falls into.</summary>
    public int PartOf(int group, int parts) => (int)(work[group] * parts / work[^1]);

    private Run[] RunsOf(int group, int columns)
    {
        // Runs of one state each; the short ones are ragged with their neighbors.
        var runs = new List<(int From, int To, int State)>();
        for (int column = 0; column < columns; column++)
        {
            int state = StateOf(group, column);
            if (runs.Count > 0 && runs[^1].State == state) runs[^1] = runs[^1] with { To = column + 1 };
            else runs.Add((column, column + 1, state));
        }
        if (runs.Count > 0 && runs[^1].State == None) runs.RemoveAt(runs.Count - 1);
        if (runs.Count > 0 && runs[0].State == None) runs.RemoveAt(0);

        var merged = new List<Run>();
        foreach (var (from, to, state) in runs)
        {
            bool isRagged = state == Some || (runs.Count > 1 && to - from < Shortest);
            if (state == None && !isRagged) continue;
            if (isRagged && merged.Count > 0 && merged[^1] is { IsRagged: true } last && last.To == from) merged[^1] = last with { To = to };
            else merged.Add(new Run(from, to, isRagged));
        }
        return merged.Count > 0 ? [.. merged] : [new Run(0, 0, IsRagged: false)];
    }

    private const int None = 0, Some = 1, All = 2;

    private int StateOf(int group, int column)
    {
        int count = 0, size = RowsOf(group);
        for (int row = 0; row < size; row++)
            if (Has(Rows * group + row, column)) count++;
        return count == 0 ? None : count == size ? All : Some;
    }

    /// <summary>A run of columns.</summary>
    /// <param name="From">The first.</param>
    /// <param name="To">After the last.</param>
    /// <param name="IsRagged">Whether a row of the group lacks an entry in it.</param>
    public readonly record struct Run(int From, int To, bool IsRagged)
    {
        /// <summary>Columns.</summary>
        public int Length => To - From;
    }
}
