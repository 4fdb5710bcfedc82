namespace FlowKit.Transforms;

/// <summary>Angles modulo 2 pi, in [0, 2 pi), for layers that pass some of them through. On the circle it is the identity: its log-det is 0.</summary>
internal sealed class WrapAngles : Transform
{
    public WrapAngles(long angles) : base(nameof(WrapAngles))
    {
        DataShape = angles;
        RegisterComponents();
    }

    public override Shape DataShape { get; }

    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Wrap(x);

    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Wrap(z);

    private static (Tensor, Tensor) Wrap(Tensor x) => (CircleMap.Wrap(x), SameForAll(0, x));
}
