using FlowKit.Conditioners;
using FlowKit.Transforms;

namespace FlowKit.Tests;

public class MadeTests
{
    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(2, 3, false)]
    [InlineData(3, 4, true)]
    [InlineData(4, 5, true)]
    [InlineData(0, 6, true)]
    [InlineData(0, 7, false)]
    [InlineData(1, 8, false)]
    [InlineData(2, 10, true)]
    [InlineData(3, 12, false)]
    [InlineData(4, 14, false)]
    public void Outputs_read_what_comes_before_them_and_nothing_else(int hiddenLayers, int seed, bool direct)
    {
        const int features = 5, parameters = 3;
        var made = Shaken(new Made(features, parameters, [.. Enumerable.Repeat(24L, hiddenLayers)], order: Orders.Random(features, seed), degreeSeed: seed % 2 == 0 ? seed : null,
            direct: direct, maskSets: 3, activation: Activation.Tanh));
        for (made.MaskSet = 0; ; made.MaskSet++)
        {
            var jacobian = Jacobian(made, randn(1, features, dtype: float64), null).view(parameters, features, features).abs().amax([0]);
            var position = made.Order.Select((feature, q) => (feature, q)).ToDictionary(pair => pair.feature, pair => pair.q);
            for (int output = 0; output < features; output++)
                for (int input = 0; input < features; input++)
                {
                    double slope = jacobian[output, input].ToDouble();
                    if (position[input] >= position[output]) Assert.Equal(0, slope);
                    else Assert.True(slope > 1e-9, $"output {output} does not read input {input}");
                }
            if (made.MaskSet == made.MaskSets - 1) break;
        }
    }

    [Fact]
    public void Every_output_reads_the_context()
    {
        var made = Shaken(new Made(4, 2, [16], contextShape: 3, activation: Activation.Tanh));
        var (x, c) = (randn(1, 4, dtype: float64), randn(1, 3, dtype: float64).requires_grad_());
        var theta = made.Forward(x, c);
        for (int i = 0; i < 8; i++)
            Assert.True(autograd.grad([theta[0, i]], [c], retain_graph: true)[0].abs().min().ToDouble() > 1e-9);
    }

    [Fact]
    public void It_starts_at_zero() => Assert.Equal(0, new Made(4, 2, [16], direct: true).Forward(randn(3, 4), null).abs().max().ToDouble());

    [Fact]
    public void Mask_sets_differ_in_order_and_the_same_seed_gives_the_same_sets()
    {
        int[][] first = Sets(1), again = Sets(1), other = Sets(2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.True(first.Select(order => string.Join(",", order)).Distinct().Count() > 2);

        static int[][] Sets(int seed)
        {
            var made = new Made(6, 1, [32], degreeSeed: seed, maskSets: 4);
            return [.. Enumerable.Range(0, 4).Select(set => { made.MaskSet = set; return made.Order.ToArray(); })];
        }
    }

    [Fact]
    public void Even_degrees_give_each_degree_its_share_and_random_ones_lose_no_information()
    {
        var even = MadeDegrees.Even([0, 1, 2, 3, 4], [10, 7], lowest: 1);
        Assert.Equal([1, 1, 1, 2, 2, 3, 3, 3, 4, 4], even.Hidden[0]);
        Assert.True(even.Hidden[1].Zip(even.Hidden[1].Skip(1)).All(pair => pair.First <= pair.Second));
        var drawn = MadeDegrees.Random([0, 1, 2, 3, 4, 5, 6], [5, 200], 1, new Random(7));
        Assert.Equal(drawn.Hidden[0].Min(), drawn.Hidden[1].Min());
        Assert.Equal(6, drawn.Hidden[1].Max());
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new Made(0, 1, [4]));
        Assert.Throws<ArgumentOutOfRangeException>("parameters", () => new Made(2, 0, [4]));
        Assert.Throws<ArgumentOutOfRangeException>("hidden", () => new Made(2, 1, [0]));
        Assert.Throws<ArgumentOutOfRangeException>("maskSets", () => new Made(2, 1, [4], maskSets: 0));
        Assert.Throws<ArgumentOutOfRangeException>("MaskSet", () => new Made(2, 1, [4]).MaskSet = 1);
        Assert.Contains("each of 0..2 once; got (0, 1, 1)", Assert.Throws<ArgumentException>("order", () => new Made(3, 1, [4], order: [0, 1, 1])).Message);
        Assert.Contains("2 parameters a feature; AdditiveMap takes 1",
            Assert.Throws<ArgumentException>("network", () => new MaskedAutoregressive(new AdditiveMap(), new Made(3, 2, [4]))).Message);
    }

    private static Made Shaken(Made made)
    {
        manual_seed(9);
        made.to(float64);
        using var none = no_grad();
        foreach (var parameter in made.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        return made;
    }

    private static Tensor Jacobian(Made made, Tensor at, Tensor? context)
    {
        var x = at.requires_grad_();
        var theta = made.Forward(x, context)[0];
        return stack([.. Enumerable.Range(0, (int)made.Outputs).Select(i =>
        {
            var row = autograd.grad([theta[i]], [x], retain_graph: true, allow_unused: true)[0];
            return (row.IsInvalid ? zeros_like(x) : row)[0];
        })]);
    }
}
