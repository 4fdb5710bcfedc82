using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>The innermost loop of a matrix product: up to six rows of A times up to four vectors abreast of B, summed in registers.</summary>
/// <remarks>What becomes of the sums is another loop's work: with it here the JIT would run out of registers.</remarks>
internal static unsafe class MicroKernel<T, V> where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
{
    /// <summary>sum = A b, or sum += A b.</summary>
    /// <param name="rows">Rows of A, 1 to 6.</param>
    /// <param name="vectors">Vectors abreast: 1, 2 or 4.</param>
    /// <param name="a">A.</param>
    /// <param name="rowStep">From one row of A to the next.</param>
    /// <param name="columnStep">From one column of A to the next.</param>
    /// <param name="b">(length, vectors).</param>
    /// <param name="bStep">From one row of b to the next.</param>
    /// <param name="length">Columns of A.</param>
    /// <param name="sum">Receives (6, vectors), 64 numbers from one row to the next; what it holds beyond the rows of A means nothing.</param>
    /// <param name="add">Whether to add to what it holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int vectors, T* a, nint rowStep, nint columnStep, T* b, nint bStep, int length, T* sum, bool add)
    {
        if (vectors == 4) Run<Size.Four>(rows, a, rowStep, columnStep, b, bStep, length, sum, add);
        else if (vectors == 2) Run<Size.Two>(rows, a, rowStep, columnStep, b, bStep, length, sum, add);
        else Run<Size.One>(rows, a, rowStep, columnStep, b, bStep, length, sum, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<N>(int rows, T* a, nint rowStep, nint columnStep, T* b, nint bStep, int length, T* sum, bool add) where N : struct, ISize
    {
        if (rows > 4) Block<Size.Six, N>(rows, a, rowStep, columnStep, b, bStep, length, sum, add);
        else if (rows > 2) Block<Size.Four, N>(rows, a, rowStep, columnStep, b, bStep, length, sum, add);
        else if (rows > 1) Block<Size.Two, N>(rows, a, rowStep, columnStep, b, bStep, length, sum, add);
        else Block<Size.One, N>(rows, a, rowStep, columnStep, b, bStep, length, sum, add);
    }

    // The sizes are constants to the JIT: it drops the branches that are not taken, and their accumulators. Where a row is missing, the last one is done twice.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<R, N>(int rows, T* a, nint rowStep, nint columnStep, T* b, nint bStep, int length, T* sum, bool add) where R : struct, ISize where N : struct, ISize
    {
        int last = rows - 1;
        nint a1 = Math.Min(1, last) * rowStep, a2 = Math.Min(2, last) * rowStep, a3 = Math.Min(3, last) * rowStep, a4 = Math.Min(4, last) * rowStep, a5 = Math.Min(5, last) * rowStep;
        V s00 = V.Zero, s01 = V.Zero, s02 = V.Zero, s03 = V.Zero;
        V s10 = V.Zero, s11 = V.Zero, s12 = V.Zero, s13 = V.Zero;
        V s20 = V.Zero, s21 = V.Zero, s22 = V.Zero, s23 = V.Zero;
        V s30 = V.Zero, s31 = V.Zero, s32 = V.Zero, s33 = V.Zero;
        V s40 = V.Zero, s41 = V.Zero, s42 = V.Zero, s43 = V.Zero;
        V s50 = V.Zero, s51 = V.Zero, s52 = V.Zero, s53 = V.Zero;
        if (add)
        {
            Load<R, N>(0, sum, ref s00, ref s01, ref s02, ref s03);
            Load<R, N>(1, sum, ref s10, ref s11, ref s12, ref s13);
            Load<R, N>(2, sum, ref s20, ref s21, ref s22, ref s23);
            Load<R, N>(3, sum, ref s30, ref s31, ref s32, ref s33);
            Load<R, N>(4, sum, ref s40, ref s41, ref s42, ref s43);
            Load<R, N>(5, sum, ref s50, ref s51, ref s52, ref s53);
        }
        for (int k = 0; k < length; k++, a += columnStep, b += bStep)
        {
            V b0 = V.Load(b), b1 = N.Value > 1 ? V.Load(b + V.Count) : V.Zero, b2 = N.Value > 2 ? V.Load(b + 2 * V.Count) : V.Zero, b3 = N.Value > 2 ? V.Load(b + 3 * V.Count) : V.Zero;
            MultiplyAdd<N>(V.Of(a[0]), b0, b1, b2, b3, ref s00, ref s01, ref s02, ref s03);
            if (R.Value > 1) MultiplyAdd<N>(V.Of(a[a1]), b0, b1, b2, b3, ref s10, ref s11, ref s12, ref s13);
            if (R.Value > 2) MultiplyAdd<N>(V.Of(a[a2]), b0, b1, b2, b3, ref s20, ref s21, ref s22, ref s23);
            if (R.Value > 3) MultiplyAdd<N>(V.Of(a[a3]), b0, b1, b2, b3, ref s30, ref s31, ref s32, ref s33);
            if (R.Value > 4) MultiplyAdd<N>(V.Of(a[a4]), b0, b1, b2, b3, ref s40, ref s41, ref s42, ref s43);
            if (R.Value > 5) MultiplyAdd<N>(V.Of(a[a5]), b0, b1, b2, b3, ref s50, ref s51, ref s52, ref s53);
        }
        Store<R, N>(0, sum, s00, s01, s02, s03);
        Store<R, N>(1, sum, s10, s11, s12, s13);
        Store<R, N>(2, sum, s20, s21, s22, s23);
        Store<R, N>(3, sum, s30, s31, s32, s33);
        Store<R, N>(4, sum, s40, s41, s42, s43);
        Store<R, N>(5, sum, s50, s51, s52, s53);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd<N>(V a, V b0, V b1, V b2, V b3, ref V s0, ref V s1, ref V s2, ref V s3) where N : struct, ISize
    {
        s0 = V.MultiplyAdd(a, b0, s0);
        if (N.Value > 1) s1 = V.MultiplyAdd(a, b1, s1);
        if (N.Value > 2) s2 = V.MultiplyAdd(a, b2, s2);
        if (N.Value > 2) s3 = V.MultiplyAdd(a, b3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<R, N>(int row, T* sum, ref V s0, ref V s1, ref V s2, ref V s3) where R : struct, ISize where N : struct, ISize
    {
        if (R.Value <= row) return;
        sum += row * Tile.Lanes;
        s0 = V.Load(sum);
        if (N.Value > 1) s1 = V.Load(sum + V.Count);
        if (N.Value > 2) s2 = V.Load(sum + 2 * V.Count);
        if (N.Value > 2) s3 = V.Load(sum + 3 * V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<R, N>(int row, T* sum, V s0, V s1, V s2, V s3) where R : struct, ISize where N : struct, ISize
    {
        if (R.Value <= row) return;
        sum += row * Tile.Lanes;
        s0.Store(sum);
        if (N.Value > 1) s1.Store(sum + V.Count);
        if (N.Value > 2) s2.Store(sum + 2 * V.Count);
        if (N.Value > 2) s3.Store(sum + 3 * V.Count);
    }
}
