namespace FlowKit.Conditioners;

/// <summary>Rows of a mask and the columns outside which they are empty.</summary>
internal readonly record struct MaskBlock(long Row, long Rows, long Column, long Columns)
{
    /// <summary>Below this many rows of data the weight, not the product, is what costs.</summary>
    public const long WorthwhileBatch = 64;

    private const long Height = 128, Smallest = 256;

    /// <summary>The blocks of a mask; a single one where leaving out what is empty would not pay.</summary>
    public static MaskBlock[] Of(Tensor mask)
    {
        var (rows, columns) = (mask.size(0), mask.size(1));
        MaskBlock whole = new(0, rows, 0, columns);
        if (rows < Smallest || columns < Smallest) return [whole];

        var parts = new List<MaskBlock>();
        for (long row = 0; row < rows; row += Height)
        {
            using var scope = NewDisposeScope();
            long height = Math.Min(Height, rows - row);
            var used = mask.narrow(0, row, height).any(0).nonzero();
            var (first, last) = used.size(0) == 0 ? (0L, 0L) : (used[0].ToInt64(), used[-1].ToInt64());
            parts.Add(new(row, height, first, last - first + 1));
        }
        return parts.Sum(part => part.Rows * part.Columns) < 0.8 * rows * columns ? [.. parts] : [whole];
    }
}
