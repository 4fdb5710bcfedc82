using FlowKit.Integration;

namespace FlowKit.Laws;

/// <summary>Angles in [0, 2 pi).</summary>
internal sealed class TorusSpace : Space
{
    private const int OnACircle = 4000;

    public override QuadratureRule Rule(Shape shape, int resolution) =>
        Enumerable.Range(1, (int)shape.Volume - 1).Aggregate(QuadratureRule.Circle(shape.Volume == 1 ? OnACircle : resolution), (rule, _) => rule.Times(QuadratureRule.Circle(resolution)));

    public override IEnumerable<Func<Tensor, Tensor>> Statistics(long dimensions, Tensor likely) =>
        [x => x.select(1, 0).cos(), x => x.select(1, -1).sin(), x => x.sum(1).cos(), x => (x.select(1, 0) * 2 - x.select(1, -1)).sin(), x => (x.sum(1) * 3).cos()];
}
