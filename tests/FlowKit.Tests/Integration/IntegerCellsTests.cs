using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Transforms;

namespace FlowKit.Tests.Integration;

public class IntegerCellsTests
{
    private static readonly Tensor Line = arange(-6, 6, dtype: float64).unsqueeze(1);

    [Fact]
    public void Masses_are_differences_of_the_distribution_function()
    {
        var law = Double(new Normal().Fixed(full(1, 0.3), full(1, 1.2)));
        var masses = IntegerCells.LogProb(y => law.LogProb(y), Line).exp();
        Assert.InRange((masses - (law.Cdf(Line + 1) - law.Cdf(Line)).squeeze(1)).abs().max().ToDouble(), 0, 1e-13);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_product_law_has_the_product_of_the_masses_and_weights_belong_to_their_points(int dimensions)
    {
        double[] scales = [0.7, 1.5, 2.5], means = [0.4, -0.3, 1];
        var law = Double(new Normal().Fixed(tensor(means[..dimensions]), tensor(scales[..dimensions])));
        var x = randint(-2, 2, [9, dimensions], dtype: int64).to(float64);
        var expected = (law.Cdf(x + 1) - law.Cdf(x)).prod(1);
        Assert.InRange((IntegerCells.LogProb(y => law.LogProb(y), x).exp() - expected).abs().max().ToDouble(), 0, 1e-12);
    }

    // p(u | x) proportional to exp(s u): KL(uniform || p) = ln((e^s - 1) / s) - s / 2, whatever the constant.
    [Theory, InlineData(0.5), InlineData(-3), InlineData(8)]
    public void Uniform_noise_in_a_tilted_cell_has_its_divergence(double s)
    {
        double expected = Math.Log((Math.Exp(s) - 1) / s) - s / 2;
        var divergence = IntegerCells.NoiseDivergence(y => y.sum(1) * s - 7, (u, _) => zeros(u.size(0)), zeros(3, 2, dtype: float64));
        Assert.InRange((divergence - 2 * expected).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Noise_that_is_the_posterior_has_no_divergence_and_other_noise_has_that_of_the_tilts()
    {
        var slopes = tensor(new[] { 0.5, -2.0 });
        Tensor LogQ(Tensor u, Tensor x) => (u * slopes).sum(1) - ((slopes.exp() - 1) / slopes).log().sum();
        Tensor LogP(Tensor y) => (y * slopes).sum(1);
        var x = tensor(new[,] { { 0.0, 0 }, { 5, -3 } });
        Assert.InRange(IntegerCells.NoiseDivergence(LogP, LogQ, x).abs().max().ToDouble(), 0, 1e-12);
        Assert.True(IntegerCells.NoiseDivergence(y => LogP(y) + y.select(1, 0), LogQ, x).gt(0.02).all().ToBoolean());
    }

    [Fact]
    public void Noise_in_half_of_a_cell_is_ln_2_from_an_even_density()
    {
        Tensor LogQ(Tensor u, Tensor x) => full_like(u.select(1, 0), Math.Log(2)).masked_fill(u.select(1, 0).gt(0.5), double.NegativeInfinity);
        Assert.Equal(Math.Log(2), IntegerCells.NoiseDivergence(y => y.select(1, 0) * 0 - 5, LogQ, zeros(1, 2, dtype: float64)).ToDouble(), 1e-12);
    }

    [Fact]
    public void Noise_gets_the_corner_of_its_cell()
    {
        var x = tensor(new[,] { { 0.0 }, { 1 }, { 2 } });                    // q(u | x) proportional to exp(x u), as p
        Tensor LogQ(Tensor u, Tensor x) => (u * x).squeeze(1) - where(x.eq(0), zeros_like(x), ((x.exp() - 1) / x.clamp_min(1e-9)).log()).squeeze(1);
        Tensor LogP(Tensor y) => (y.floor() * (y - y.floor())).squeeze(1);
        Assert.InRange(IntegerCells.NoiseDivergence(LogP, LogQ, x).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void What_a_bound_misses_is_the_divergence()
    {
        var noise = RandomWeights.Give(new Flow(new Chain(new Logit(), new ElementwiseTransform(new AffineMap(), [2], contextShape: 2, hidden: [8])), new StandardLogistic(2)), sd: 0.3);
        var density = Double(new Normal().Fixed(tensor(new[] { 0.45, 0.3 }), tensor(new[] { 0.2, 0.3 })));
        var bound = Double(new Flow(new VariationalDequantization(4, noise), density));
        var x = tensor(new[,] { { 0.0, 3 }, { 1, 1 }, { 2, 0 } });
        Tensor LogDensity(Tensor y) => density.LogProb(y / 4) - 2 * Math.Log(4);
        Tensor LogNoise(Tensor u, Tensor x) => noise.LogProb(u, x * (2.0 / 3) - 1);

        using var none = no_grad();
        var terms = IntegerCells.LogProb(LogDensity, x).unsqueeze(0) - stack([.. Enumerable.Range(0, 40).Select(_ => bound.LogProb(x.repeat(250, 1)).view(250, 3))]).flatten(0, 1);
        var distance = (terms.mean([0]) - IntegerCells.NoiseDivergence(LogDensity, LogNoise, x, nodes: 40)) / (terms.std(0) / 100);
        Assert.InRange(distance.abs().max().ToDouble(), 0, 4);
    }

    [Fact]
    public void Where_there_is_no_density_there_is_no_mass()
    {
        var law = Double(new Uniform(tensor(new[] { 0.0 }), tensor(new[] { 2.0 })));
        Assert.Equal([double.NegativeInfinity, -Math.Log(2), -Math.Log(2), double.NegativeInfinity],
            IntegerCells.LogProb(y => law.LogProb(y), arange(-1, 3, dtype: float64).unsqueeze(1)).data<double>().ToArray(), (a, b) => a == b || Math.Abs(a - b) < 1e-12);
        Assert.Equal(double.PositiveInfinity, IntegerCells.NoiseDivergence(y => law.LogProb(y), (u, _) => zeros(u.size(0)), tensor(new[,] { { 1.5 } })).ToDouble());
        Assert.Equal(0, IntegerCells.LogProb(y => law.LogProb(y), zeros(0, 1, dtype: float64)).size(0));
    }

    [Fact]
    public void Many_cells_are_those_one_by_one_in_the_precision_that_comes()
    {
        var law = new Normal().Fixed(zeros(2), ones(2));
        var x = randint(-3, 3, [400, 2], dtype: int64);                       // 400 points a cell: more than one batch
        var all = IntegerCells.LogProb(y => law.LogProb(y), x);
        Assert.Equal(float64, all.dtype);
        foreach (int i in (int[])[0, 163, 164, 399])
            Assert.Equal(IntegerCells.LogProb(y => law.LogProb(y), x[i..(i + 1)]).ToDouble(), all[i].ToDouble(), 1e-12);
        law.to(float64);
        Assert.InRange((IntegerCells.LogProb(y => law.LogProb(y), x.to(float64)) - all).abs().max().ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Tensor LogP(Tensor y) => y.sum(1);
        Assert.Throws<ArgumentException>("x", () => IntegerCells.LogProb(LogP, zeros(3)));
        Assert.Throws<ArgumentOutOfRangeException>("nodes", () => IntegerCells.LogProb(LogP, zeros(3, 1), nodes: 0));
        string many = Assert.Throws<ArgumentOutOfRangeException>("nodes", () => IntegerCells.LogProb(LogP, zeros(3, 5))).Message;
        Assert.Contains("20^5 points a cell are too many", many);
        string shape = Assert.Throws<ArgumentException>("logDensity", () => IntegerCells.LogProb(y => y, zeros(3, 2))).Message;
        Assert.Contains("logDensity gave shape (1200, 2) for 1200 points; expected (1200,)", shape);
        Assert.Throws<ArgumentException>("logNoise", () => IntegerCells.NoiseDivergence(LogP, (u, x) => u, zeros(3, 2)));
        Assert.Throws<ArgumentNullException>("logNoise", () => IntegerCells.NoiseDivergence(LogP, null!, zeros(3, 2)));
    }

    private static T Double<T>(T law) where T : Distribution
    {
        law.to(float64);
        return law;
    }
}
