using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowKit;

/// <summary>The way between a batch's memory, (B, D) row-major, and tiles.</summary>
internal static unsafe class TileMath
{
    /// <summary>Reads samples into a tile, and zeros into the lanes that are left.</summary>
    /// <param name="rows">The samples, (count, features).</param>
    /// <param name="rowStep">Numbers from one sample to the next.</param>
    /// <param name="count">Samples, at most 64.</param>
    /// <param name="features">Features of a sample.</param>
    /// <param name="tile">Receives (features, 64).</param>
    public static void Load<T>(T* rows, nint rowStep, int count, int features, T* tile) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count < Tile.Lanes) new Span<T>(tile, features * Tile.Lanes).Clear();
        Transpose(rows, rowStep, tile, Tile.Lanes, count, features);
    }

    /// <summary>Writes the first samples of a tile.</summary>
    /// <param name="tile">(features, 64).</param>
    /// <param name="features">Features of a sample.</param>
    /// <param name="rows">Receives the samples, (count, features).</param>
    /// <param name="rowStep">Numbers from one sample to the next.</param>
    /// <param name="count">Samples, at most 64.</param>
    public static void Store<T>(T* tile, int features, T* rows, nint rowStep, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Transpose(tile, Tile.Lanes, rows, rowStep, features, count);

    /// <summary>to[j][i] = from[i][j].</summary>
    /// <param name="from">(rows, columns).</param>
    /// <param name="fromStep">Numbers from one row to the next.</param>
    /// <param name="to">Receives (columns, rows).</param>
    /// <param name="toStep">Numbers from one of its rows to the next.</param>
    /// <param name="rows">Of <paramref name="from"/>.</param>
    /// <param name="columns">Of <paramref name="from"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(T* from, nint fromStep, T* to, nint toStep, int rows, int columns) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int wholeRows = 0, wholeColumns = 0;
        if (Avx.IsSupported)
        {
            int block = Vector256<T>.Count;
            (wholeRows, wholeColumns) = (rows / block * block, columns / block * block);
            for (int i = 0; i < wholeRows; i += block)
                for (int j = 0; j < wholeColumns; j += block)
                    if (typeof(T) == typeof(float)) Block((float*)from + i * fromStep + j, fromStep, (float*)to + j * toStep + i, toStep);
                    else Block((double*)from + i * fromStep + j, fromStep, (double*)to + j * toStep + i, toStep);
        }
        for (int j = 0; j < columns; j++)
            for (int i = j < wholeColumns ? wholeRows : 0; i < rows; i++) to[j * toStep + i] = from[i * fromStep + j];
    }

    // A block is read in halves of 128 bits, those of rows i and i + block / 2 into one vector, so that what is left are shuffles inside the halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, nint fromStep, float* to, nint toStep)
    {
        for (int half = 0; half < 2; half++, from += 4, to += 4 * toStep)
        {
            var r0 = Vector256.Create(Vector128.Load(from), Vector128.Load(from + 4 * fromStep));
            var r1 = Vector256.Create(Vector128.Load(from + fromStep), Vector128.Load(from + 5 * fromStep));
            var r2 = Vector256.Create(Vector128.Load(from + 2 * fromStep), Vector128.Load(from + 6 * fromStep));
            var r3 = Vector256.Create(Vector128.Load(from + 3 * fromStep), Vector128.Load(from + 7 * fromStep));
            Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble(), low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
            Avx.UnpackLow(low01, low23).AsSingle().Store(to);
            Avx.UnpackHigh(low01, low23).AsSingle().Store(to + toStep);
            Avx.UnpackLow(high01, high23).AsSingle().Store(to + 2 * toStep);
            Avx.UnpackHigh(high01, high23).AsSingle().Store(to + 3 * toStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(double* from, nint fromStep, double* to, nint toStep)
    {
        for (int half = 0; half < 2; half++, from += 2, to += 2 * toStep)
        {
            var r0 = Vector256.Create(Vector128.Load(from), Vector128.Load(from + 2 * fromStep));
            var r1 = Vector256.Create(Vector128.Load(from + fromStep), Vector128.Load(from + 3 * fromStep));
            Avx.UnpackLow(r0, r1).Store(to);
            Avx.UnpackHigh(r0, r1).Store(to + toStep);
        }
    }
}
