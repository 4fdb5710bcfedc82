using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class ImageTests
{
    [Fact]
    public void Haar_channels_are_the_averages_then_the_differences_of_each_block()
    {
        var x = tensor(new[] { 1.0, 2, 3, 5, 10, 20, 30, 50 }, [1, 2, 2, 2]);
        double[] expected = [5.5, 55, -1.5, -15, -2.5, -25, 0.5, 5];          // p q / r s = 1 2 / 3 5, and ten times that
        var layer = new Haar(2, 2, 2);
        layer.to(float64);
        Assert.InRange(Distance(layer.Forward(x).Z.flatten(), tensor(expected)), 0, 1e-14);
    }

    [Fact]
    public void Haar_keeps_the_energy()
    {
        var x = randn(3, 2, 4, 6);
        Assert.InRange(Distance(new Haar(2, 4, 6).Forward(x).Z.square().sum(), x.square().sum()), 0, 1e-4);
    }

    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(3, 4, 6)]
    public void A_squeeze_moves_every_number_to_a_place_of_its_own_and_changes_none(long channels, long height, long width)
    {
        var layer = new Squeeze(channels, height, width);
        var x = arange(2 * channels * height * width, dtype: float64).reshape(2, channels, height, width);
        var (z, logDet) = layer.Forward(x);
        Assert.Equal([2, 4 * channels, height / 2, width / 2], z.shape);
        Assert.Equal(0, Distance(z.flatten(1).sort(1).Values, x.flatten(1)));
        Assert.Equal(0, logDet.abs().max().ToDouble());
        Assert.Equal(0, Distance(layer.Inverse(z).X, x));
    }

    [Fact]
    public void Split_columns_are_the_even_and_then_the_odd_ones()
    {
        var x = randn(2, 3, 2, 6);
        var (z, logDet) = new ColumnSplit(3, 2, 6).Forward(x);
        Assert.Equal([2, 6, 2, 3], z.shape);
        for (int column = 0; column < 6; column++)
            Assert.Equal(0, Distance(z.narrow(1, column % 2 * 3, 3).select(3, column / 2), x.select(3, column)));
        Assert.Equal(0, logDet.abs().max().ToDouble());
        Assert.Contains("even", Assert.Throws<ArgumentOutOfRangeException>("width", () => new ColumnSplit(1, 2, 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new ColumnSplit(1, 0, 2));
    }

    [Fact]
    public void A_checkerboard_passes_one_color_and_reads_the_other_nowhere()
    {
        manual_seed(1);
        var layer = Shaken(new CheckerboardCoupling(1, 3, 4, odd: true, new AffineMap(), Network));
        var x = randn(1, 1, 3, 4, float64).requires_grad_();
        var z = layer.Forward(x).Z;
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 4; column++)
            {
                var read = autograd.grad([z[0, 0, row, column]], [x], retain_graph: true)[0].flatten();
                bool mapped = (row + column) % 2 == 1;
                Assert.Equal(!mapped, z[0, 0, row, column].ToDouble() == x[0, 0, row, column].ToDouble());
                for (int other = 0; other < 12; other++)
                    if ((other / 4 + other % 4) % 2 == 1 && other != row * 4 + column) Assert.Equal(0, read[other].ToDouble());
            }
    }

    [Fact]
    public void Two_checkerboards_of_both_colors_touch_every_pixel()
    {
        manual_seed(1);
        var layer = Shaken(new Chain(
            new CheckerboardCoupling(2, 3, 3, odd: true, new AffineMap(), Network), new CheckerboardCoupling(2, 3, 3, odd: false, new AffineMap(), Network)));
        var x = randn(1, 2, 3, 3, float64);
        Assert.True((layer.Forward(x).Z - x).abs().min().ToDouble() > 1e-4);
    }

    [Fact]
    public void A_two_sided_block_touches_every_feature()
    {
        manual_seed(1);
        var layer = Shaken(new TwoSidedCoupling(5, new AffineMap(), (i, o) => new Mlp(i, o, [8])));
        var x = randn(1, 5, float64);
        Assert.True((layer.Forward(x).Z - x).abs().min().ToDouble() > 1e-4);
    }

    [Fact]
    public void The_latent_of_a_multi_scale_flow_has_as_many_numbers_as_the_data()
    {
        manual_seed(1);
        var layer = new MultiScale([1, 8, 8], [new Squeeze(1, 8, 8), new Squeeze(2, 4, 4), new Permutation(1, 3, 0, 2)]);
        Assert.Equal([64], layer.LatentShape);
        var x = randn(3, 1, 8, 8);
        var z = layer.Forward(x).Z;
        Assert.Equal([3, 64], z.shape);
        Assert.Equal(0, Distance(layer.Inverse(z).X, x));
        Assert.Equal([[3, 2, 4, 4], [3, 4, 2, 2], [3, 4, 2, 2]], layer.Parts(z).Select(part => part.shape));

        var flow = new Flow(layer, new StandardNormal(64));
        Assert.InRange(Distance(flow.LogProb(x), (x.flatten(1).square() * -0.5).sum(1) - 32 * Math.Log(2 * Math.PI)), 0, 1e-3);
        Assert.Equal([5, 1, 8, 8], flow.Sample(5).shape);
    }

    [Fact]
    public void What_leaves_early_is_the_second_half_of_the_first_level()
    {
        var x = randn(2, 1, 4, 4);
        var layer = new MultiScale([1, 4, 4], [new Squeeze(1, 4, 4), new Squeeze(2, 2, 2)]);
        Assert.Equal(0, Distance(layer.Parts(layer.Forward(x).Z)[0], new Squeeze(1, 4, 4).Forward(x).Z.narrow(1, 2, 2)));
    }

    [Fact]
    public void A_prior_makes_what_leaves_a_Gaussian_whose_parameters_are_read_from_what_goes_on()
    {
        manual_seed(1);
        var layer = Shaken(new MultiScale([2], [new Permutation(0, 1), new Permutation(0)], (i, o) => new Mlp(i, o, [8])), 1);
        var flow = new Flow(layer, new StandardNormal(2));
        // At a given h_1 the part that leaves is affine in x_2: slope 1/sigma, value -mu/sigma at 0.
        Tensor Leaves(double x2) => layer.Parts(layer.Forward(tensor(new[] { 0.7, x2 }, [1, 2])).Z)[0];
        double atZero = Leaves(0).ToDouble(), sigma = 1 / (Leaves(1).ToDouble() - atZero), mu = -atZero * sigma;
        Assert.True(Math.Abs(mu) > 0.01 && Math.Abs(sigma - 1) > 0.01);

        double expected = -0.7 * 0.7 / 2 - Math.Pow((1.9 - mu) / sigma, 2) / 2 - Math.Log(sigma) - Math.Log(2 * Math.PI);
        Assert.Equal(expected, flow.LogProb(tensor(new[] { 0.7, 1.9 }, [1, 2])).ToDouble(), 1e-12);
    }

    [Fact]
    public void Layers_that_do_not_fit_the_image_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new Squeeze(1, 4, 5));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new Haar(1, 3, 4));
        Assert.Contains("holds 6 values", Assert.Throws<ArgumentException>("to", () => new Reshape([2, 3], [5])).Message);
        Assert.Contains("(1, 4, 4)", Assert.Throws<ArgumentException>("levels", () => new MultiScale([1, 4, 4], [new Squeeze(1, 8, 8)])).Message);
        Assert.Contains("(2, 2, 2)", Assert.Throws<ArgumentException>("levels", () => new MultiScale([1, 4, 4], [new Squeeze(1, 4, 4), new Squeeze(1, 2, 2)])).Message);
        Assert.Contains("two channels", Assert.Throws<ArgumentException>("levels", () => new MultiScale([1, 4, 4], [new ActNorm(1), new ActNorm(1)])).Message);
        Assert.Throws<ArgumentException>("levels", () => new MultiScale([1, 4, 4], []));
        Assert.Throws<ArgumentException>("dataShape", () => new MultiScale([], [new ActNorm(1)]));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new CheckerboardCoupling(1, 1, 1, odd: true, new AffineMap(), Network));
        Assert.Contains("expected 2 to 4", Assert.Throws<ArgumentException>("conditioner", () => new CheckerboardCoupling(2, 4, 4, odd: true, new AffineMap(), (i, o) => Network(i, o + 1))).Message);
        Assert.Contains("(B, 1, 4, 4)", Assert.Throws<ArgumentException>("x", () => new Squeeze(1, 4, 4).Forward(randn(2, 1, 4, 6))).Message);
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new TwoSidedCoupling(1, new AffineMap(), (i, o) => new Mlp(i, o, [8])));
    }

    private static ConvResidualNet Network(long inputs, long outputs) => new(inputs, outputs, width: 6, blocks: 1);

    private static T Shaken<T>(T layer, double by = 0.3) where T : Transform
    {
        layer.to(float64);
        using (no_grad())
            foreach (var parameter in layer.parameters()) parameter.add_(randn_like(parameter) * by);
        return layer;
    }
}
