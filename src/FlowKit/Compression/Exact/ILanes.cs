namespace FlowKit.Compression;

/// <summary>What is done with a vector register of float64 of one width, V: <see cref="ExactLayer"/> is written once, for whatever the processor has.</summary>
/// <remarks>
/// Where products and sums are whole numbers below 2^53, it does not matter whether a multiplication and an addition are fused, nor how many lanes there are. The methods take the register itself:
/// a struct around it would be kept in memory.
/// </remarks>
internal unsafe interface ILanes<V> where V : struct
{
    static abstract int Count { get; }

    static abstract V Of(double value);

    static abstract V Load(double* from);

    static abstract void Store(V value, double* to);

    /// <summary>a b + c.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>floor(x) within [least, greatest].</summary>
    static abstract V FloorWithin(V x, V least, V greatest);
}
