namespace FlowKit.Transforms;

/// <summary>Rows of 64 numbers outside of .NET's memory, until they are disposed.</summary>
internal readonly unsafe ref struct TileMemory<T>(int rows) where T : unmanaged
{
    private const int Line = 64;                                              // bytes

    /// <summary>The first row; a cache line begins there.</summary>
    public T* First { get; } = (T*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)rows * Tile.Lanes * (nuint)sizeof(T), Line);

    /// <summary>Gives it back.</summary>
    public void Dispose() => System.Runtime.InteropServices.NativeMemory.AlignedFree(First);
}
