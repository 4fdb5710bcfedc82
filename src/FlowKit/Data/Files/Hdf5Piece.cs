namespace FlowKit.Data;

/// <summary>Where the chunks of a data set go: those at the edge stand out over it.</summary>
/// <param name="shape">The data set's.</param>
/// <param name="sides">A chunk's.</param>
/// <param name="grid">Chunks along each dimension.</param>
/// <param name="size">Bytes of a number.</param>
internal sealed class Hdf5Piece(long[] shape, long[] sides, long[] grid, int size)
{
    /// <summary>Copies a chunk's numbers to their place, a row at a time.</summary>
    public void Place(ReadOnlySpan<byte> chunk, long number, Span<byte> target)
    {
        int rank = shape.Length;
        if (rank == 0)
        {
            chunk.CopyTo(target);
            return;
        }
        long[] start = new long[rank], extent = new long[rank], at = new long[rank];
        for (int i = rank - 1; i >= 0; number /= grid[i], i--)
            (start[i], extent[i]) = (number % grid[i] * sides[i], Math.Min(sides[i], shape[i] - number % grid[i] * sides[i]));

        do
        {
            long from = 0, to = 0;
            for (int i = 0; i < rank; i++) (from, to) = (from * sides[i] + at[i], to * shape[i] + start[i] + at[i]);
            int row = (int)extent[^1] * size;
            chunk.Slice((int)from * size, row).CopyTo(target.Slice((int)to * size, row));
        }
        while (Next(at, extent));
    }

    // The next row, counting as an odometer does; the last dimension is the row itself.
    private static bool Next(long[] at, long[] extent)
    {
        for (int i = at.Length - 2; i >= 0; i--)
        {
            if (++at[i] < extent[i]) return true;
            at[i] = 0;
        }
        return false;
    }
}
