using System.Numerics;

namespace FlowKit.Training;

/// <summary>One step of an optimizer: its numbers, and the formula that moves a parameter and what is remembered of its gradients.</summary>
internal interface IUpdate
{
    /// <summary>The step on memory.</summary>
    void Apply<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The step as tensor operations.</summary>
    void Apply(Tensor parameter, Tensor gradient, Tensor first, Tensor second);
}
