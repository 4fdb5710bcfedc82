using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>A parameter and what Adam remembers of its gradients: running means of g and of g².</summary>
internal sealed class Moments : IDisposable
{
    private readonly Tensor first, second;
    private readonly bool plain;          // memory this process can read
    private Tensor? gradient;

    public Moments(Parameter parameter)
    {
        Parameter = parameter;
        using var none = no_grad();
        (first, second) = (zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope());
        plain = parameter.device_type == DeviceType.CPU && parameter.is_contiguous() && parameter.dtype is ScalarType.Float32 or ScalarType.Float64;
    }

    public Parameter Parameter { get; }

    /// <summary>Holds the gradient for this step, in the caller's dispose scope.</summary>
    public void TakeGradient()
    {
        gradient = Parameter.grad;
        if (gradient is { IsInvalid: true }) gradient = null;
        if (plain && gradient is not null) gradient = gradient.contiguous();
    }

    public double SquaredNorm()
    {
        if (gradient is null) return 0;
        if (!plain) return gradient.to(float32).square().sum().ToDouble();
        return Parameter.dtype == ScalarType.Float32 ? AdamUpdate.SumOfSquares<float>(Values<float>(gradient)) : AdamUpdate.SumOfSquares<double>(Values<double>(gradient));
    }

    public void Apply(AdamUpdate update)
    {
        if (gradient is null) return;

        if (!plain) update.Apply(Parameter, gradient, first, second);
        else if (Parameter.dtype == ScalarType.Float32) Sweep<float>(update);
        else Sweep<double>(update);
        gradient = null;
    }

    private void Sweep<T>(AdamUpdate update) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        update.Apply(Values<T>(Parameter), Values<T>(gradient!), Values<T>(first), Values<T>(second));

    private static Span<T> Values<T>(Tensor x) where T : unmanaged => MemoryMarshal.Cast<byte, T>(x.bytes);

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
