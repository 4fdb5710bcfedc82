namespace FlowKit;

/// <summary>Reads a tensor of one element. In this namespace these methods stand before TorchSharp's of the same names.</summary>
/// <remarks>TorchSharp 0.107 reads through a native scalar that its finalizer can free while it is being read: a rare garbage value or exception.</remarks>
internal static class ScalarReading
{
    public static double ToDouble(this Tensor x) => Read<double>(x, float64);

    public static long ToInt64(this Tensor x) => Read<long>(x, int64);

    public static bool ToBoolean(this Tensor x) => Read<bool>(x, @bool);

    private static T Read<T>(Tensor x, ScalarType dtype) where T : unmanaged
    {
        using var none = no_grad();
        using var detached = x.detach();                                      // to() may return its argument, which is not ours to dispose
        using var value = detached.to(dtype, CPU);
        return value.item<T>();
    }
}
