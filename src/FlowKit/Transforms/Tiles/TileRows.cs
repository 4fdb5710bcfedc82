using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>Moves rows of 64 numbers within and between tiles.</summary>
internal static unsafe class TileRows
{
    private const int Lanes = Tile.Lanes;

    /// <summary>Rows that follow each other.</summary>
    public static void Copy<T>(T* from, T* to, int rows) where T : unmanaged => new ReadOnlySpan<T>(from, rows * Lanes).CopyTo(new Span<T>(to, rows * Lanes));

    /// <summary>The rows of these numbers, one under the other.</summary>
    public static void Gather<T>(T* from, int[] rows, T* to) where T : unmanaged
    {
        for (int i = 0; i < rows.Length; i++) Copy(from + rows[i] * Lanes, to + i * Lanes, 1);
    }

    /// <summary>Each row to the same place of another tile.</summary>
    public static void Pass<T>(T* from, int[] rows, T* to) where T : unmanaged
    {
        foreach (int row in rows) Copy(from + row * Lanes, to + row * Lanes, 1);
    }

    /// <summary>Back to the rows of these numbers.</summary>
    public static void Scatter<T>(T* from, int[] rows, T* to) where T : unmanaged
    {
        for (int i = 0; i < rows.Length; i++) Copy(from + i * Lanes, to + rows[i] * Lanes, 1);
    }

    /// <summary>Added to the rows of these numbers.</summary>
    public static void ScatterAdd<T>(T* from, int[] rows, T* to) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows.Length; i++) Add(from + i * Lanes, to + rows[i] * Lanes, 1);
    }

    /// <summary>Rows that follow each other, added to what is there.</summary>
    public static void Add<T>(T* from, T* to, int rows) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows * Lanes; i += Vector<T>.Count) (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
    }
}
