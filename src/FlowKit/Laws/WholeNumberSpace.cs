using FlowKit.Integration;

namespace FlowKit.Laws;

/// <summary>Whole numbers of an interval in every element.</summary>
internal sealed class WholeNumberSpace(long low, long high, bool isAll) : Space
{
    public override bool IsDiscrete => true;

    public override QuadratureRule Rule(Shape shape, int resolution)
    {
        using var scope = NewDisposeScope();
        var line = arange(low, high + 1, dtype: float64, device: CPU);
        var all = meshgrid([.. Enumerable.Repeat(line, (int)shape.Volume)], indexing: "ij");
        var points = stack(all.Select(one => one.flatten()), dim: 1);
        return QuadratureRule.Of(points, ones(points.size(0), dtype: float64, device: CPU));
    }

    public override IEnumerable<Func<Tensor, Tensor>> Statistics(long dimensions, Tensor likely) =>
        likely.unbind(0).Select(event_ => (Func<Tensor, Tensor>)(x => x.eq(event_).all(1).to(float64)));

    public override Tensor Elsewhere(long dimensions)
    {
        double[] off = [0.5, 1 - 1e-9, .. isAll ? [low - 1, high + 1, -1e6, 1e6, double.PositiveInfinity] : Array.Empty<double>()];
        return stack([.. off.Select(at => full([dimensions], at, dtype: float64, device: CPU))], dim: 0);
    }

    public override Tensor Tangent(Tensor x) => throw new NotSupportedException("Whole numbers have no neighbors in every direction: a map between them stretches nothing.");
}
