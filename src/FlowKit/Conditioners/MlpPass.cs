using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowKit.Conditioners;

/// <summary>A ReLU perceptron there and back, without autograd's bookkeeping. Parameters: weight, bias, weight, bias, ... from input to output.</summary>
internal static class MlpPass
{
    /// <summary>The input of every layer, and last the output.</summary>
    public static Tensor[] Forward(Tensor input, ReadOnlySpan<Tensor> parameters)
    {
        int layers = parameters.Length / 2;
        var values = new Tensor[layers + 1];
        values[0] = input;
        for (int layer = 0; layer < layers; layer++)
        {
            values[layer + 1] = nn.functional.linear(values[layer], parameters[2 * layer], parameters[2 * layer + 1]);
            if (layer < layers - 1) values[layer + 1].relu_();
        }
        return values;
    }

    /// <summary>The gradient of the input; those of the parameters are written beside them.</summary>
    public static Tensor Backward(Tensor gradient, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> parameters, Span<Tensor> gradients)
    {
        for (int layer = inputs.Length - 1; layer >= 0; layer--)
        {
            gradients[2 * layer] = gradient.t().mm(inputs[layer]);
            gradients[2 * layer + 1] = gradient.sum(dim: 0);
            gradient = gradient.mm(parameters[2 * layer]);
            if (layer == 0) continue;
            if (gradient.dtype == ScalarType.Float32) Gate<float>(gradient, inputs[layer]);
            else Gate<double>(gradient, inputs[layer]);
        }
        return gradient;
    }

    /// <summary>Lets the gradient through where the unit was on.</summary>
    private static void Gate<T>(Tensor gradient, Tensor unit) where T : unmanaged, INumberBase<T>
    {
        var g = MemoryMarshal.Cast<byte, T>(gradient.bytes);
        var u = MemoryMarshal.Cast<byte, T>(unit.bytes);
        int i = 0;
        for (; i <= g.Length - Vector<T>.Count; i += Vector<T>.Count)
            Vector.ConditionalSelect(Vector.LessThanOrEqual(new Vector<T>(u[i..]), Vector<T>.Zero), Vector<T>.Zero, new Vector<T>(g[i..])).CopyTo(g[i..]);
        for (; i < g.Length; i++)
            if (T.IsZero(u[i])) g[i] = T.Zero;
    }
}
