using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>The inverse of a spline over rows of plain numbers.</summary>
internal sealed class SplineRows(RationalQuadraticSpline spline) : IRowKernel
{
    void IRowKernel.Apply<T>(ReadOnlySpan<T> given, ReadOnlySpan<T> theta, Span<T> value, Span<T> total)
    {
        var element = new SplineElement<T>(spline, stackalloc T[2 * spline.Bins]);
        for (int i = 0; i < given.Length; i++)
        {
            element.Read(theta[i..], given.Length);
            (value[i], var logSlope) = element.Apply(given[i], inverse: true);
            total[i] += logSlope;
        }
    }
}
