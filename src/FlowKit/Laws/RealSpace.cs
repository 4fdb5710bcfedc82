using FlowKit.Integration;

namespace FlowKit.Laws;

/// <summary>R^D inside a box, or the box itself.</summary>
internal sealed class RealSpace(double low, double high, bool isAll) : Space
{
    private static readonly double[] Cuts = [0.25, 0.475, 0.5, 0.525, 0.625];        // multiples of every rule's cell: a cut runs between cells

    private const int OnALine = 4000;

    public override QuadratureRule Rule(Shape shape, int resolution)
    {
        var side = QuadratureRule.Interval((low, high), shape.Volume == 1 ? OnALine : resolution);
        return Enumerable.Range(1, (int)shape.Volume - 1).Aggregate(side, (rule, _) => rule.Times(QuadratureRule.Interval((low, high), resolution)));
    }

    public override IEnumerable<Func<Tensor, Tensor>> Statistics(long dimensions, Tensor likely) =>
        ((long[])[0, dimensions - 1]).Distinct().SelectMany(coordinate => Cuts.Select(cut =>
            (Func<Tensor, Tensor>)(x => x.select(1, coordinate).le(low + cut * (high - low)).to(float64))));

    public override Tensor Elsewhere(long dimensions)
    {
        if (isAll) return base.Elsewhere(dimensions);
        double width = high - low;
        return stack([.. ((double[])[low - 1e-3 * width, high + 1e-3 * width, low - 1e3 * width, high + 1e6 * width]).Select(at => full([dimensions], at, dtype: float64, device: CPU))], dim: 0);
    }
}
