using FlowKit.Conditioners;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

/// <summary>A perceptron is fused with its map into one operation; the same perceptron behind another type is not. Both are one function.</summary>
public class FusedCouplingTests
{
    public static TheoryData<bool[], bool, long> Cases => new()
    {
        { [true, false], false, 0 }, { [false, true, true], false, 2 }, { [true, false, false, true, false], false, 0 },
        { [true, false, true], true, 3 }, { [false, false, true, true], true, 0 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Values_and_every_gradient_are_those_of_ordinary_operations(bool[] mask, bool additive, long features)
    {
        var (fused, ordinary) = Pair(mask, additive, features);
        foreach (bool backwards in (bool[])[false, true])
            foreach (var (ofY, ofLogDet) in ((double, double)[])[(1, 1), (1, 0), (0, 1)])
            {
                if (additive && ofY == 0) continue;                           // the log-determinant is constant

                var (a, b) = (Run(fused), Run(ordinary));
                Assert.InRange(a.Zip(b).Max(pair => Distance(pair.First, pair.Second)), 0, 1e-12);

                List<Tensor> Run(Transform f)
                {
                    manual_seed(3);
                    f.zero_grad();
                    var x = randn(9, mask.Length, dtype: float64).requires_grad_();
                    var c = features > 0 ? randn(9, features, dtype: float64).requires_grad_() : null;
                    var (y, logDet) = backwards ? f.Inverse(x, c) : f.Forward(x, c);
                    var loss = ofY == 0 ? logDet.cosh().sum() : ofLogDet == 0 ? y.sin().sum() : y.sin().sum() + logDet.cosh().sum();
                    loss.backward();
                    return [y, logDet, x.grad!, .. c is null ? Array.Empty<Tensor>() : [c.grad ?? zeros_like(c)], .. f.parameters().Select(p => p.grad ?? zeros_like(p))];
                }
            }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Second_derivatives_are_those_of_ordinary_operations(bool[] mask, bool additive, long features)
    {
        var (fused, ordinary) = Pair(mask, additive, features);
        Assert.InRange(Run(fused).Zip(Run(ordinary)).Max(pair => Distance(pair.First, pair.Second)), 0, 1e-10);

        List<Tensor> Run(Transform f)
        {
            manual_seed(4);
            f.zero_grad();
            var x = randn(9, mask.Length, dtype: float64).requires_grad_();
            var (y, logDet) = f.Forward(x, features > 0 ? randn(9, features, dtype: float64) : null);
            var slope = autograd.grad([y.sin().sum() + logDet.cosh().sum()], [x], retain_graph: true, create_graph: true)[0];
            slope.square().sum().backward();
            return [slope, x.grad!, .. f.parameters().Select(p => p.grad ?? zeros_like(p))];
        }
    }

    [Fact]
    public void A_weight_changed_between_forward_and_backward_gives_NaN_gradients_and_not_the_end_of_the_process()
    {
        var (fused, _) = Pair([true, false, true], additive: false, features: 0);
        var x = randn(5, 3, dtype: float64).requires_grad_();
        var loss = fused.Forward(x).Z.sum();
        using (no_grad())
            foreach (var parameter in fused.parameters()) parameter.add_(1);
        loss.backward();
        Assert.True(x.grad!.isnan().all().ToBoolean());
        Assert.All(fused.parameters(), parameter => Assert.True(parameter.grad!.isnan().all().ToBoolean()));
    }

    private static (Coupling Fused, Coupling Ordinary) Pair(bool[] mask, bool additive, long features)
    {
        Shape? contextShape = features > 0 ? features : null;
        manual_seed(1);
        ElementwiseMap map = additive ? new AdditiveMap() : new AffineMap(MaxLogScale: 0.7);
        var fused = Coupling.WithMlp(mask, map, [12, 9], contextShape);
        var ordinary = new Coupling(mask, map, (inputs, outputs) => new Veiled(inputs, outputs, contextShape));
        fused.to(float64);
        ordinary.to(float64);
        using var none = no_grad();
        foreach (var (a, b) in fused.parameters().Zip(ordinary.parameters())) b.copy_(a.copy_(randn_like(a) * 0.5));
        return (fused, ordinary);
    }

    private sealed class Veiled : Conditioner
    {
        private readonly Mlp inner;

        public Veiled(long inputs, long outputs, Shape? contextShape) : base(nameof(Veiled), inputs, outputs, contextShape)
        {
            inner = new Mlp(inputs, outputs, [12, 9], contextShape);
            RegisterComponents();
        }

        public override Tensor Forward(Tensor x, Tensor? context) => inner.Forward(x, context);
    }
}
