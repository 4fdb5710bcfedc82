using System.Numerics;

namespace FlowKit.Training;

/// <summary>The numbers of one step of Adam: m += (1 - b1)(g - m), v = b2 v + (1 - b2) g², p = decay p - rate m / (correction sqrt(v) + eps), with g scaled.</summary>
internal readonly record struct AdamUpdate(double Scale, double Beta1, double Beta2, double Epsilon, double Decay, double Rate, double Correction) : IUpdate
{
    /// <inheritdoc/>
    public void Apply<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (scale, mix, beta2, mix2) = (T.CreateChecked(Scale), T.CreateChecked(1 - Beta1), T.CreateChecked(Beta2), T.CreateChecked(1 - Beta2));
        var (epsilon, decay, rate, correction) = (T.CreateChecked(Epsilon), T.CreateChecked(Decay), T.CreateChecked(Rate), T.CreateChecked(Correction));
        int width = Vector<T>.Count, i = 0;
        var epsilons = new Vector<T>(epsilon);
        for (; i <= parameter.Length - width; i += width)
        {
            var g = new Vector<T>(gradient[i..]) * scale;
            var m = new Vector<T>(first[i..]);
            m += (g - m) * mix;
            var v = new Vector<T>(second[i..]) * beta2 + g * g * mix2;
            var p = new Vector<T>(parameter[i..]) * decay - m * rate / (Vector.SquareRoot(v) * correction + epsilons);
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            p.CopyTo(parameter[i..]);
        }
        for (; i < parameter.Length; i++)
        {
            T g = gradient[i] * scale;
            first[i] += (g - first[i]) * mix;
            second[i] = second[i] * beta2 + g * g * mix2;
            parameter[i] = parameter[i] * decay - first[i] * rate / (T.Sqrt(second[i]) * correction + epsilon);
        }
    }

    /// <inheritdoc/>
    public void Apply(Tensor parameter, Tensor gradient, Tensor first, Tensor second)
    {
        var g = gradient * Scale;
        first.lerp_(g, 1 - Beta1);
        second.mul_(Beta2).addcmul_(g, g, 1 - Beta2);
        parameter.mul_(Decay).addcdiv_(first, (second.sqrt() * Correction).add_(Epsilon), -Rate);
    }
}
