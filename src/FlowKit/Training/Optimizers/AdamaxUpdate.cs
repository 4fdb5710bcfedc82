using System.Numerics;

namespace FlowKit.Training;

/// <summary>The numbers of one step of Adamax: m += (1 - b1)(g - m), u = max(b2 u, |g| + eps), p = decay p - rate m / u, with g scaled.</summary>
internal readonly record struct AdamaxUpdate(double Scale, double Beta1, double Beta2, double Epsilon, double Decay, double Rate) : IUpdate
{
    /// <inheritdoc/>
    public void Apply<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (scale, mix, beta2) = (T.CreateChecked(Scale), T.CreateChecked(1 - Beta1), T.CreateChecked(Beta2));
        var (epsilon, decay, rate) = (T.CreateChecked(Epsilon), T.CreateChecked(Decay), T.CreateChecked(Rate));
        int width = Vector<T>.Count, i = 0;
        var epsilons = new Vector<T>(epsilon);
        for (; i <= parameter.Length - width; i += width)
        {
            var g = new Vector<T>(gradient[i..]) * scale;
            var m = new Vector<T>(first[i..]);
            m += (g - m) * mix;
            var u = Vector.Max(new Vector<T>(second[i..]) * beta2, Vector.Abs(g) + epsilons);
            var p = new Vector<T>(parameter[i..]) * decay - m * rate / u;
            m.CopyTo(first[i..]);
            u.CopyTo(second[i..]);
            p.CopyTo(parameter[i..]);
        }
        for (; i < parameter.Length; i++)
        {
            T g = gradient[i] * scale;
            first[i] += (g - first[i]) * mix;
            second[i] = T.Max(second[i] * beta2, T.Abs(g) + epsilon);
            parameter[i] = parameter[i] * decay - first[i] * rate / second[i];
        }
    }

    /// <inheritdoc/>
    public void Apply(Tensor parameter, Tensor gradient, Tensor first, Tensor second)
    {
        var g = gradient * Scale;
        first.lerp_(g, 1 - Beta1);
        second.copy_(maximum(second * Beta2, g.abs().add_(Epsilon)));
        parameter.mul_(Decay).addcdiv_(first, second, -Rate);
    }
}
