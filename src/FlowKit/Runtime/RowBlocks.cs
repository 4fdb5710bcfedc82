namespace FlowKit;

/// <summary>Many rows in blocks of nearly the same size, so that what is computed on the way needs the memory of one block.</summary>
/// <remarks>
/// Blocks begin at multiples of <see cref="Unit"/> rows: torch draws normal numbers by sixteens, so that blocks of standard normal noise are what one draw of all rows is.
/// At 16,384 rows a RealNVP of the plane (8 x 2x64) is as fast as at any size and holds 4 MB a layer; networks of larger events are wider, and a convolution with 32 maps holds 50 MB in 400,000 numbers of x.
/// A GPU, which waits for each small operation, takes sixteen times as many.
/// </remarks>
internal static class RowBlocks
{
    /// <summary>Rows that a block is a multiple of, if it has as many.</summary>
    public const long Unit = 64;

    private const long MostRows = 16_384, MostNumbers = 400_000;

    /// <summary>Rows of a block, at most.</summary>
    /// <param name="dimensions">Numbers in a row.</param>
    /// <param name="isOnCpu">Whether they are on the CPU.</param>
    public static long Most(long dimensions, bool isOnCpu)
    {
        long most = Math.Clamp(MostNumbers / Math.Max(1, dimensions), 1, MostRows) * (isOnCpu ? 1 : 16);
        return most < Unit ? most : most / Unit * Unit;
    }

    /// <summary>Where each block starts, and its rows.</summary>
    /// <param name="rows">All of them.</param>
    /// <param name="most">Of a block, from <see cref="Most"/>.</param>
    public static IEnumerable<(long Start, long Rows)> Of(long rows, long most)
    {
        long unit = Math.Min(Unit, most), units = (rows + unit - 1) / unit, blocks = (rows + most - 1) / most;
        for (long block = 0; block < blocks; block++)
        {
            long start = units * block / blocks * unit, end = Math.Min(rows, units * (block + 1) / blocks * unit);
            yield return (start, end - start);
        }
    }
}
