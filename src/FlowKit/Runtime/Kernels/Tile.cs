namespace FlowKit;

/// <summary>A tile: a matrix (rows, 64) in which row r is feature or unit r, and the samples lie side by side in the lanes.</summary>
/// <remarks>With the samples side by side, every operation of a flow is one on vectors, a matrix product needs no sums across a vector, and what one layer wrote the next one reads as it is.</remarks>
internal static class Tile
{
    /// <summary>Samples in a tile. A batch's last tile is padded with zeros.</summary>
    public const int Lanes = 64;

    /// <summary>The tiles that hold a batch.</summary>
    public static int Count(long rows) => checked((int)((rows + Lanes - 1) / Lanes));
}
