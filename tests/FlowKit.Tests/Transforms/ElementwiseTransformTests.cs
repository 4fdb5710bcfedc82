using FlowKit.Transforms;

namespace FlowKit.Tests.Transforms;

public class ElementwiseTransformTests
{
    [Fact]
    public void With_an_affine_map_it_is_a_scaling_layer_whose_log_det_is_one_for_all()
    {
        manual_seed(1);
        var layer = new ElementwiseTransform(new AffineMap(MaxLogScale: 3), [4]);
        var theta = layer.get_parameter("theta")!;
        using (no_grad()) theta.copy_(randn_like(theta));
        var s = theta[0] / (1 + theta[0].abs() / 3);
        var x = randn(5, 4);
        var (z, logDet) = layer.Forward(x);
        Assert.True(allclose(z, x * s.exp() + theta[1], 1e-5, 1e-6));
        Assert.True(allclose(logDet, s.sum().expand(5), 1e-5, 1e-6));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Positions_that_share_their_parameters_have_those_of_their_channel(bool conditional)
    {
        manual_seed(1);
        var layer = new ElementwiseTransform(new AffineMap(), [2, 3, 4], conditional ? 5 : null, conditional ? [] : null, sharesPositions: true);
        Assert.Equal(conditional ? 2 * 2 * (5 + 1) : 2 * 2, layer.ParameterCount);
        using (no_grad())
            foreach (var parameter in layer.parameters()) parameter.copy_(randn_like(parameter));
        var (x, context) = (randn(6, 2, 3, 4), conditional ? randn(6, 5) : null);
        var (z, logDet) = layer.Forward(x, context);
        var each = new ElementwiseTransform(new AffineMap(), [2], conditional ? 5 : null, conditional ? [] : null);
        each.load_state_dict(layer.state_dict().ToDictionary(it => it.Key, it => it.Key == "theta" ? it.Value.squeeze() : it.Value));
        Tensor total = zeros(6);
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 4; column++)
            {
                var (one, volume) = each.Forward(x.select(3, column).select(2, row), context);
                Assert.True(allclose(z.select(3, column).select(2, row), one, 1e-5, 1e-6));
                total = total + volume;
            }
        Assert.True(allclose(logDet, total, 1e-4, 1e-5));
    }

    [Fact]
    public void A_spline_starts_at_the_identity()
    {
        var layer = new ElementwiseTransform(new RationalQuadraticMap(), [2, 3], contextShape: 2);
        var x = randn(5, 2, 3) * 4;
        var (z, logDet) = layer.Forward(x, randn(5, 2));
        Assert.True(allclose(z, x, 1e-5, 1e-5));
        Assert.True(allclose(logDet, zeros(5), 0, 1e-5));
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentException>("shape", () => new ElementwiseTransform(new AffineMap(), []));
        Assert.Throws<ArgumentOutOfRangeException>("shape", () => new ElementwiseTransform(new AffineMap(), [2, 0]));
        Assert.Throws<ArgumentException>("hidden", () => new ElementwiseTransform(new AffineMap(), [2], hidden: [4]));
        Assert.Throws<ArgumentOutOfRangeException>("contextShape", () => new ElementwiseTransform(new AffineMap(), [2], contextShape: -1));
        Assert.Throws<ArgumentOutOfRangeException>("slope", () => new LeakyReLU(0));
        Assert.Throws<ArgumentOutOfRangeException>("Components", () => new LogisticMixtureMap(0));
        Assert.Throws<ArgumentOutOfRangeException>("MaxLogScale", () => new LogisticMixtureMap(4, MaxLogScale: -1));
        Assert.Throws<ArgumentOutOfRangeException>("Bins", () => new RationalQuadraticMap(1));
        Assert.Throws<ArgumentOutOfRangeException>("Bins", () => new CircularRationalQuadraticMap(501));
        Assert.Throws<ArgumentOutOfRangeException>("TailBound", () => new RationalQuadraticMap(4, TailBound: 0));
        Assert.Throws<ArgumentOutOfRangeException>("High", () => new IntervalRationalQuadraticMap(4, Low: 1, High: 1));
    }

    [Fact]
    public void Data_of_another_shape_are_refused_with_both_shapes()
    {
        string message = Assert.Throws<ArgumentException>("x", () => new ElementwiseTransform(new AffineMap(), [2, 3]).Forward(randn(5, 3))).Message;
        Assert.Contains("(5, 3)", message);
        Assert.Contains("(B, 2, 3)", message);
    }

    [Fact]
    public void What_nothing_is_mapped_to_has_density_zero_and_finite_gradients()
    {
        Check(new Softplus(), outside: -0.5);
        Check(new Softplus(), outside: 0);
        Check(new Tanh(), outside: 1);
        Check(new Tanh(), outside: -1e6);

        static void Check(Transform transform, double outside)
        {
            var z = tensor([0.5, outside], [2, 1], dtype: float64).requires_grad_();
            var (x, logDet) = transform.Inverse(z);
            Assert.True(double.IsFinite(logDet[0].ToDouble()));
            Assert.Equal(double.NegativeInfinity, logDet[1].ToDouble());
            Assert.True(autograd.grad([x.sum() + logDet[0]], [z])[0].isfinite().all().ToBoolean());
        }
    }
}
