namespace FlowKit.Compression;

/// <summary>A vector register of float64 of one width: <see cref="ExactLayer"/> is written once, for whatever the processor has.</summary>
/// <remarks>Where products and sums are whole numbers below 2^53, it does not matter whether a multiplication and an addition are fused, nor how many lanes there are.</remarks>
internal unsafe interface ILanes<T> where T : struct, ILanes<T>
{
    static abstract int Count { get; }

    static abstract T Of(double value);

    static abstract T Load(double* from);

    void Store(double* to);

    /// <summary>a b + c.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Floor(T x);

    static abstract T Clamp(T x, T least, T greatest);
}
