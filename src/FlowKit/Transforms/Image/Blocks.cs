namespace FlowKit.Transforms;

/// <summary>The 2x2 blocks of an image: (B, C, H, W) to (B, C, 4, H/2, W/2), pixels of a block row by row, and back.</summary>
internal sealed class Blocks
{
    private readonly long channels, rows, columns;

    public Blocks(long channels, long height, long width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        foreach (var (size, name) in ((long, string)[])[(height, nameof(height)), (width, nameof(width))])
            if (size < 2 || size % 2 != 0) throw new ArgumentOutOfRangeException(name, size, "2x2 blocks need an even size >= 2.");
        (this.channels, rows, columns) = (channels, height / 2, width / 2);
    }

    /// <summary>(C, H, W).</summary>
    public Shape Whole => [channels, 2 * rows, 2 * columns];

    /// <summary>(4C, H/2, W/2).</summary>
    public Shape Apart => [4 * channels, rows, columns];

    public Tensor Split(Tensor x) =>
        x.reshape(x.size(0), channels, rows, 2, columns, 2).permute(0, 1, 3, 5, 2, 4).reshape(x.size(0), channels, 4, rows, columns);

    public Tensor Join(Tensor blocks) =>
        blocks.reshape(blocks.size(0), channels, 2, 2, rows, columns).permute(0, 1, 4, 2, 5, 3).reshape(blocks.size(0), channels, 2 * rows, 2 * columns);
}
