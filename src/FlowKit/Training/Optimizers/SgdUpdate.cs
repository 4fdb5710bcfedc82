using System.Numerics;

namespace FlowKit.Training;

/// <summary>The numbers of one step of gradient descent: m = momentum m + g, p = decay p - rate m, with g scaled.</summary>
internal readonly record struct SgdUpdate(double Scale, double Momentum, double Decay, double Rate) : IUpdate
{
    /// <inheritdoc/>
    public void Apply<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (scale, momentum, decay, rate) = (T.CreateChecked(Scale), T.CreateChecked(Momentum), T.CreateChecked(Decay), T.CreateChecked(Rate));
        int width = Vector<T>.Count, i = 0;
        for (; i <= parameter.Length - width; i += width)
        {
            var m = new Vector<T>(first[i..]) * momentum + new Vector<T>(gradient[i..]) * scale;
            var p = new Vector<T>(parameter[i..]) * decay - m * rate;
            m.CopyTo(first[i..]);
            p.CopyTo(parameter[i..]);
        }
        for (; i < parameter.Length; i++)
        {
            first[i] = first[i] * momentum + gradient[i] * scale;
            parameter[i] = parameter[i] * decay - first[i] * rate;
        }
    }

    /// <inheritdoc/>
    public void Apply(Tensor parameter, Tensor gradient, Tensor first, Tensor second)
    {
        first.mul_(Momentum).add_(gradient, alpha: Scale);
        parameter.mul_(Decay).add_(first, alpha: -Rate);
    }
}
