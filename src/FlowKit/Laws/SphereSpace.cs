using FlowKit.Integration;

namespace FlowKit.Laws;

/// <summary>The unit sphere S^D of R^(D+1); the unit circle for D = 1.</summary>
internal sealed class SphereSpace : Space
{
    public override QuadratureRule Rule(Shape shape, int resolution) => shape.Volume switch
    {
        2 => QuadratureRule.Circle(resolution).Map(angle => cat([angle.cos(), angle.sin()], dim: 1)),
        >= 3 and <= 5 => QuadratureRule.Sphere(resolution, (int)shape.Volume - 1),
        _ => throw new NotSupportedException($"There is a rule for points of two to five coordinates; got events of shape {shape}."),
    };

    public override IEnumerable<Func<Tensor, Tensor>> Statistics(long dimensions, Tensor likely)
    {
        for (long i = 0; i < dimensions; i++)
        {
            long k = i;
            yield return x => x.select(1, k);
            for (long j = i; j < dimensions; j++)
            {
                long l = j;
                yield return x => x.select(1, k) * x.select(1, l);
            }
        }
    }

    public override Tensor Elsewhere(long dimensions) =>
        stack([zeros(dimensions, dtype: float64, device: CPU), ones(dimensions, dtype: float64, device: CPU), full([dimensions], 0.1, dtype: float64, device: CPU)], dim: 0);

    // Towards the poles of the last axis, or towards its equator.
    public override Tensor Stretch(Tensor x, double scale)
    {
        long last = x.size(1) - 1;
        var stretched = cat([x.narrow(1, 0, last) * scale, x.narrow(1, last, 1)], dim: 1);
        return stretched / stretched.norm(1, keepdim: true);
    }

    // Rows 2 to D of the reflection that carries the first axis to x: orthonormal, and orthogonal to x.
    public override Tensor Tangent(Tensor x)
    {
        var first = zeros_like(x);
        first.select(1, 0).fill_(1);
        var sign = where(x.select(1, 0).gt(0), -1.0, 1.0).to(x.dtype).unsqueeze(1);        // away from the pole where the two would cancel
        var v = x - sign * first;
        v = v / v.norm(1, keepdim: true);
        var reflection = eye(x.size(1), dtype: x.dtype, device: x.device) - 2 * v.unsqueeze(2) * v.unsqueeze(1);
        return reflection.narrow(1, 1, x.size(1) - 1);
    }
}
