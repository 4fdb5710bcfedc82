using FlowKit.Conditioners;
using FlowKit.Transforms;

namespace FlowKit.Outside.Tests;

/// <summary>An integer coupling (Hoogeboom et al. 2019, arXiv:1905.07376, eq. 5): z_B = x_B + round(h(x_A)), a bijection of whole numbers with log-det 0.</summary>
public sealed class IntegerCoupling : Transform
{
    private readonly Conditioner conditioner;
    private readonly long passed;

    public IntegerCoupling(long features, Func<long, long, Conditioner> factory) : base(nameof(IntegerCoupling))
    {
        passed = features / 2;
        conditioner = Conditioner.Make(factory, passed, features - passed);
        DataShape = features;
        RegisterComponents();
    }

    public override Shape DataShape { get; }

    protected override InputNumbers Accepts => InputNumbers.Any;              // whole numbers of any kind

    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Shift(x, 1);

    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Shift(z, -1);

    private (Tensor, Tensor) Shift(Tensor x, int sign)
    {
        x = x.to(Dtype);
        var (a, b) = (x.narrow(1, 0, passed), x.narrow(1, passed, x.size(1) - passed));
        var h = conditioner.Forward(a, null);
        var rounded = h + (h.round() - h).detach();                           // straight through
        return (cat([a, b + sign * rounded], dim: 1), SameForAll(0, x));
    }
}
