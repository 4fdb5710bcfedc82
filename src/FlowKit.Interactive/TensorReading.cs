using static TorchSharp.torch;

namespace FlowKit.Interactive;

/// <summary>Tensors to numbers, without a trace left behind.</summary>
internal static class TensorReading
{
    /// <summary>The elements in row-major order.</summary>
    public static double[] ToDoubles(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(CPU).to(float64).contiguous().data<double>().ToArray();
    }

    public static string ShapeText(this Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
}
