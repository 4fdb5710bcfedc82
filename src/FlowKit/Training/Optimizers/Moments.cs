using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace FlowKit.Training;

/// <summary>A parameter and what an optimizer remembers of its gradients: one or two tensors of its size, as running means of g and of g².</summary>
internal sealed class Moments : IDisposable
{
    private readonly Tensor first, second;
    private readonly int memories;
    private Tensor? gradient;

    public Moments(string name, Parameter parameter, int memories)
    {
        (Name, Parameter, this.memories) = (name, parameter, memories);
        using var none = no_grad();
        first = zeros_like(parameter).DetachFromDisposeScope();
        second = memories > 1 ? zeros_like(parameter).DetachFromDisposeScope() : first;
        IsPlain = parameter.device_type == DeviceType.CPU && parameter.is_contiguous() && parameter.dtype is ScalarType.Float32 or ScalarType.Float64;
    }

    public string Name { get; }

    public Parameter Parameter { get; }

    /// <summary>Whether its memory can be read by this process as numbers in a row.</summary>
    public bool IsPlain { get; }

    /// <summary>What is remembered, as name.first and name.second.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Memory => memories > 1 ? [new($"{Name}.first", first), new($"{Name}.second", second)] : [new($"{Name}.first", first)];

    /// <summary>Holds the gradient for this step, in the caller's dispose scope.</summary>
    public void TakeGradient(GradientSink sink)
    {
        gradient = Parameter.grad;
        if (gradient is { IsInvalid: true }) gradient = null;
        if (sink.Of(Parameter) is { } received) gradient = gradient is null ? received : gradient + received;
        if (IsPlain && gradient is not null) gradient = gradient.contiguous();
    }

    public double SquaredNorm()
    {
        if (gradient is null) return 0;
        if (!IsPlain) return gradient.to(float32).square().sum().ToDouble();
        return Parameter.dtype == ScalarType.Float32 ? Training.SquaredNorm.Of<float>(Values<float>(gradient)) : Training.SquaredNorm.Of<double>(Values<double>(gradient));
    }

    public bool IsFinite() => gradient is null || gradient.isfinite().all().ToBoolean();

    public void Apply(IUpdate update)
    {
        if (gradient is null) return;

        if (!IsPlain) update.Apply(Parameter, gradient, first, second);
        else if (Parameter.dtype == ScalarType.Float32) Sweep<float>(update);
        else Sweep<double>(update);
        gradient = null;
    }

    private void Sweep<T>(IUpdate update) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        update.Apply(Values<T>(Parameter), Values<T>(gradient!), Values<T>(first), memories > 1 ? Values<T>(second) : []);

    private static Span<T> Values<T>(Tensor x) where T : unmanaged => MemoryMarshal.Cast<byte, T>(x.bytes);

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
