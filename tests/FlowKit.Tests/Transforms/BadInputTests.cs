using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Transforms;

namespace FlowKit.Tests.Transforms;

public class BadInputTests
{
    [Fact]
    public void A_mask_that_transforms_everything_is_refused() =>
        Assert.Contains("transforms everything", Assert.Throws<ArgumentException>("mask", () => Coupling.WithMlp([true, true], new AffineMap(), [4])).Message);

    [Fact]
    public void A_mask_that_transforms_nothing_is_refused() =>
        Assert.Contains("transforms nothing", Assert.Throws<ArgumentException>("mask", () => Coupling.WithMlp([false, false, false], new AffineMap(), [4])).Message);

    [Fact]
    public void A_conditioner_that_does_not_fit_is_refused_with_both_sizes()
    {
        string message = Assert.Throws<ArgumentException>("conditioner", () => new Coupling([true, false, false], new AffineMap(), (_, _) => new Mlp(3, 4, [5]))).Message;
        Assert.Contains("maps 3 to 4", message);
        Assert.Contains("expected 2 to 2", message);
    }

    [Fact]
    public void Data_of_another_width_are_refused_with_both_shapes()
    {
        var flow = RealNvp.Create(3);
        string message = Assert.Throws<ArgumentException>("x", () => flow.LogProb(randn(5, 4))).Message;
        Assert.Contains("(5, 4)", message);
        Assert.Contains("(B, 3", message);
        Assert.Throws<ArgumentException>("x", () => flow.Transform.Forward(randn(5, 4)));
        Assert.Throws<ArgumentException>("x", () => Permutation.Reverse(3).Forward(randn(5, 4)));
        Assert.Throws<ArgumentException>("x", () => Permutation.Reverse(3).Forward(randn(3)));
    }

    [Fact]
    public void Whole_numbers_are_refused_with_what_to_write()
    {
        Tensor whole = arange(10).reshape(5, 2), real = randn(5, 2);
        var conditional = RealNvp.Create(2, 4, contextShape: 2);
        foreach (var call in new Action[] { () => RealNvp.Create(2, 4).LogProb(whole), () => RealNvp.Create(2, 4).Transform.Forward(whole), () => Maf.Create(2).Transform.Inverse(whole) })
            Says(Assert.Throws<ArgumentException>(call).Message, ".to(float32)");
        Says(Assert.Throws<ArgumentException>("context", () => conditional.LogProb(real, whole)).Message, "context.to(float32)");
        Says(Assert.Throws<ArgumentException>("context", () => conditional.LogProb(real, whole.gt(3))).Message, "context.to(float32)");
        Says(Assert.Throws<ArgumentException>(() => RealNvp.Create(2).to(float64).LogProb(whole)).Message, ".to(float64)");
        Says(Assert.Throws<ArgumentException>("x", () => new Logit().Forward(whole)).Message, "x.to(float32)");
        Says(Assert.Throws<ArgumentException>("x", () => new Logit().to(float64).Forward(whole)).Message, "x.to(float64)");
        Says(Assert.Throws<ArgumentException>("x", () => RealNvp.Create(2, preprocessing: new Logit()).to(float64).LogProb(whole)).Message, "x.to(float64)");

        static void Says(string message, string remedy)
        {
            Assert.Contains(remedy, message);
            Assert.DoesNotContain("module's", message);
        }
    }

    [Fact]
    public void Whole_numbers_for_a_map_are_refused_with_the_precision_of_the_rest()
    {
        Tensor whole = ones([5, 3], int64), real = randn(5, 3), theta = zeros(5, 2, 3);
        Assert.Contains("x.to(float64)", Assert.Throws<ArgumentException>("x", () => new AffineMap().Forward(whole, theta.to(float64))).Message);
        Assert.Contains("x.to(float32)", Assert.Throws<ArgumentException>("x", () => new AffineMap().Forward(whole, theta.to(int64))).Message);
        Assert.Contains("theta.to(float32)", Assert.Throws<ArgumentException>("theta", () => new AffineMap().Forward(real, theta.to(int64))).Message);
        Assert.Contains("theta.to(float64)", Assert.Throws<ArgumentException>("theta", () => new AffineMap().Inverse(real.to(float64), theta)).Message);
    }

    [Fact]
    public void One_feature_is_refused_by_a_coupling_flow_with_advice() =>
        Assert.Contains("at least two features", Assert.Throws<ArgumentOutOfRangeException>("features", () => RealNvp.Create(1)).Message);

    [Fact]
    public void A_disposed_tensor_is_said_to_be_disposed()
    {
        var x = randn(2, 2);
        x.Dispose();
        Assert.Contains("disposed", Assert.Throws<ObjectDisposedException>(() => RealNvp.Create(2).LogProb(x)).Message);
    }

    [Fact]
    public void Another_precision_is_refused_with_both_and_the_remedy()
    {
        var flow = RealNvp.Create(2, contextShape: 1);
        string message = Assert.Throws<ArgumentException>("x", () => flow.LogProb(randn(3, 2, dtype: float64), randn(3, 1))).Message;
        Assert.Contains("x is float64", message);
        Assert.Contains("x.to(float32)", message);
        Assert.Throws<ArgumentException>("context", () => flow.LogProb(randn(3, 2), randn(3, 1, dtype: float64)));
        Assert.Throws<ArgumentException>("x", () => flow.LogProb(ones([3, 2], dtype: int64), randn(3, 1)));
        Assert.Throws<ArgumentException>("z", () => flow.Transform.Inverse(randn(3, 2, dtype: float64), randn(3, 1)));
        flow.to(float64);
        Assert.Equal(float64, flow.LogProb(randn(3, 2, dtype: float64), randn(3, 1, dtype: float64)).dtype);
    }

    [Fact]
    public void A_missing_tensor_is_named() => Assert.Throws<ArgumentNullException>("x", () => RealNvp.Create(2).LogProb(null!));

    [Fact]
    public void An_order_that_is_no_permutation_is_refused()
    {
        Assert.Throws<ArgumentException>("order", () => new Permutation(0, 0, 1));
        Assert.Throws<ArgumentException>("order", () => new Permutation(1, 2));
        Assert.Throws<ArgumentException>("order", () => new Permutation());
    }

    [Fact]
    public void An_empty_chain_and_layers_that_disagree_are_refused()
    {
        Assert.Throws<ArgumentException>("transforms", () => new Chain());
        Assert.Contains("(2) and (3)", Assert.Throws<ArgumentException>(() => new Chain(
            Coupling.WithMlp(Masks.Half(4, second: true), new AffineMap(), [4], contextShape: 2),
            Coupling.WithMlp(Masks.Half(4, second: true), new AffineMap(), [4], contextShape: 3))).Message);
    }

    // A spline runs over plain memory: theta of another shape would be read past its end.
    [Fact]
    public void Parameters_of_a_map_that_do_not_fit_are_refused()
    {
        foreach (var map in (ElementwiseMap[])[new AffineMap(), new AdditiveMap(), new RationalQuadraticMap(4), new IntervalRationalQuadraticMap(4), new CircularRationalQuadraticMap(4, Rotates: true), new MoebiusMap(2), new NonCompactProjectionMap(Rotates: true), new PhaseShift(), new LogisticMixtureMap(3)])
        {
            int p = map.ParameterCount;
            Assert.Equal([5, 3], map.Forward(rand(5, 3), randn(5, p, 3)).Y.shape);
            foreach (var theta in (Tensor[])[randn(5, 3), randn(5, p), randn(5, p + 1, 3), randn(1, p, 3), randn(5, p, 2), randn(5, p, 3, 1), randn(0, p, 3), randn(p), tensor(1f)])
            {
                string message = Assert.Throws<ArgumentException>("theta", () => map.Forward(rand(5, 3), theta)).Message;
                Assert.Contains($"expected (B, {p}, ...)", message);
                Assert.Throws<ArgumentException>("theta", () => map.Inverse(rand(5, 3), theta));
            }
            Assert.Throws<ArgumentException>("theta", () => map.Forward(rand(5, 3), randn(5, p, 3, float64)));
            Assert.Throws<ArgumentException>("x", () => map.Forward(ones([5, 3], int64), ones([5, p, 3], int64)));
            Assert.Throws<ArgumentNullException>("theta", () => map.Forward(rand(5, 3), null!));
        }
    }

    [Fact]
    public void Nothing_where_a_network_or_a_layer_should_be_is_refused_by_name()
    {
        Assert.Contains("gave null", Assert.Throws<ArgumentException>("conditioner", () => new Coupling([true, false], new AffineMap(), (_, _) => null!)).Message);
        Assert.Throws<ArgumentException>("conditioner", () => new CheckerboardCoupling(1, 2, 2, odd: true, new AffineMap(), (_, _) => null!));
        Assert.Throws<ArgumentException>("inner", () => AngleConditioner.Of(1, 2, (_, _) => null!));
        Assert.Throws<ArgumentException>("transforms", () => new Chain(Permutation.Reverse(2), null!));
        Assert.Throws<ArgumentException>("transforms", () => RealNvp.Create(2, preprocessing: [null!]));
        Assert.Throws<ArgumentException>("levels", () => new MultiScale([2], [null!]));
    }

    [Fact]
    public void A_two_sided_block_says_how_many_features_it_takes() =>
        Assert.Throws<ArgumentException>("base", () => new Flow(new TwoSidedCoupling(3, new AffineMap(), (i, o) => new Mlp(i, o, [])), new StandardNormal(4)));

    [Fact]
    public void A_conditioner_that_gives_too_little_is_refused_before_memory_is_read()
    {
        var coupling = new Coupling([true, false], new RationalQuadraticMap(4), (i, o) => new Stingy(i, o));
        Assert.Throws<ArgumentException>("theta", () => coupling.Forward(randn(5, 2)));
    }

    // Half the rows it was asked for.
    private sealed class Stingy(long inputs, long outputs) : Conditioner(nameof(Stingy), inputs, outputs, contextShape: null)
    {
        public override Tensor Forward(Tensor x, Tensor? context) => x.new_zeros([x.size(0) / 2, Outputs]);
    }

    [Fact]
    public void A_dequantization_has_no_reverse_that_is_a_likelihood() =>
        Assert.Throws<ArgumentException>("inner", () => new UniformDequantization(256).Inverted);

    [Fact]
    public void Numbers_that_are_not_whole_are_refused_by_a_dequantization()
    {
        foreach (var layer in Dequantizations())
        {
            string message = Assert.Throws<ArgumentException>("x", () => layer.Forward(tensor(new[] { 1f, 0.25f }, [1, 2]))).Message;
            Assert.Contains("x holds 0.25", message);
            Assert.Contains("whole numbers 0..16", message);
        }
    }

    [Fact]
    public void Levels_that_do_not_exist_have_no_probability_and_NaN_stays()
    {
        foreach (var layer in Dequantizations())
        {
            var (z, logDet) = layer.Forward(tensor(new[] { 0f, 16, 17, 3, -1, 3, float.PositiveInfinity, 3, float.NaN, 3 }, [5, 2]));
            Assert.Equal([true, false, false, false], logDet.narrow(0, 0, 4).isfinite().data<bool>().ToArray());
            Assert.True(logDet.narrow(0, 1, 3).eq(double.NegativeInfinity).all().ToBoolean());
            Assert.True(z.narrow(0, 0, 4).isfinite().all().ToBoolean());
            Assert.True(z[4].isnan().any().ToBoolean());
        }
    }

    [Fact]
    public void A_dequantized_flow_takes_whole_numbers_of_any_dtype_in_any_precision()
    {
        foreach (var layer in Dequantizations())
        {
            var flow = RealNvp.Create(2, layers: 2, preprocessing: [layer, new Logit(0.02)]);
            foreach (var precision in (ScalarType[])[float32, float64])
            {
                flow.to(precision);
                foreach (var dtype in (ScalarType[])[uint8, int32, int64, float32, float64])
                    Assert.Equal(precision, flow.LogProb(tensor(new[] { 3, 16 }, [1, 2]).to(dtype)).dtype);
            }
        }
    }

    private static Transform[] Dequantizations() =>
        [new UniformDequantization(17), new VariationalDequantization(17, new Flow(new Chain(new Logit(), new ElementwiseTransform(new AffineMap(), [2])), new StandardLogistic(2)))];

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => new Logit(0.5));
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => new Logit(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("levels", () => new UniformDequantization(1));
        Assert.Throws<ArgumentOutOfRangeException>("MaxLogScale", () => new AffineMap(0));
        Assert.Throws<ArgumentOutOfRangeException>("MaxLogScale", () => new AffineMap() with { MaxLogScale = -1 });
        Assert.Throws<ArgumentException>("mask", () => Coupling.WithMlp([], new AffineMap(), [4]));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => Masks.Alternating(1, odd: true));
        Assert.Throws<ArgumentOutOfRangeException>("layers", () => RealNvp.Create(2, layers: 0));
        Assert.Throws<ArgumentOutOfRangeException>("hidden", () => new Mlp(2, 2, [0]));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new ResidualMlp(2, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>("inputs", () => new Mlp(0, 2, [4]));
        Assert.Throws<ArgumentOutOfRangeException>("eventShape", () => new StandardNormal(0));
    }

    [Fact]
    public void Points_outside_the_unit_interval_have_density_zero_and_finite_gradients()
    {
        var flow = new Flow(new Logit(), new StandardNormal(2));
        var x = tensor(new[] { 0.5, 0.5, -0.1, 0.5, 0.5, 1.0 }, [3, 2]).requires_grad_();
        var logP = flow.LogProb(x);
        Assert.Equal([true, false, false], logP.isfinite().data<bool>().ToArray());
        Assert.Equal(double.NegativeInfinity, logP[1].ToDouble());
        logP[0].backward();
        Assert.True(x.grad!.isfinite().all().ToBoolean());
    }
}
