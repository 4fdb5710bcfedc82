using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Models;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Inference;

public class InpaintingTests
{
    private static readonly bool[] lastTwo = [false, false, true, true];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ascent_without_noise_reaches_the_conditional_mean_of_a_Gaussian(bool precondition)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (mean, covariance) = Correlated();
        var x = new MultivariateNormal(mean, covariance).Sample(5);
        var options = (precondition ? AscentOptions.Preconditioned : new()) with { Noise = 0, Steps = 4000, Low = -10, High = 10 };
        var start = where(tensor(lastTwo), zeros_like(x), x);
        var climbed = Inpainting.Ascend(new MultivariateNormal(mean, covariance), start, tensor(lastTwo), options);
        var exact = Inpainting.GaussianConditionalMean(mean, covariance, x, tensor(lastTwo));
        Assert.InRange(Distance(climbed, exact), 0, precondition ? 2e-2 : 1e-4);                  // a preconditioned step does not shrink with the gradient
        Assert.InRange(Distance(start, exact), 0.1, double.PositiveInfinity);
    }

    // alpha_0 = 0.1, alpha_1 = 10/101; the law is N(0, I), whose gradient is -x.
    [Fact]
    public void A_seen_coordinate_that_is_a_sum_of_others_is_refused_without_epsilon()
    {
        manual_seed(5);
        for (int trial = 0; trial < 10; trial++)
        {
            using var scope = NewDisposeScope();
            var free = randn(40, 3, dtype: float64);
            var data = cat([free, (free.select(1, 0) + free.select(1, 1)).unsqueeze(1), randn(40, 1, dtype: float64)], 1);
            var hidden = tensor(new[] { false, false, false, false, true });
            Assert.Contains("larger epsilon", Assert.Throws<ArgumentException>(() => Inpainting.GaussianConditionalMean(data, data, hidden, epsilon: 0)).Message);
            Assert.True(Inpainting.GaussianConditionalMean(data, data, hidden, epsilon: 1e-6).isfinite().all().ToBoolean());
        }
    }

    [Fact]
    public void A_mask_for_each_example_may_be_transposed()
    {
        manual_seed(6);
        using var scope = NewDisposeScope();
        var (data, mask) = (randn(30, 4, dtype: float64), rand(4, 30).gt(0.5));
        var filled = Inpainting.GaussianConditionalMean(data, data, mask.t());
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(filled, Inpainting.GaussianConditionalMean(data, data, mask.t().contiguous())));
    }

    [Fact]
    public void The_error_of_examples_that_hide_different_numbers_of_coordinates_is_a_ratios()
    {
        // Every hidden coordinate is off by exactly 1: the ratio does not vary, whatever is hidden.
        manual_seed(7);
        using var scope = NewDisposeScope();
        var hidden = rand(50, 6).gt(0.4).logical_or(arange(6).eq(0));
        var error = Inpainting.RootMeanSquare(ones(50, 6), zeros(50, 6), hidden);
        Assert.Equal((1, 0), (error.Mean, error.StandardError));
    }

    [Fact]
    public void Steps_are_those_of_the_paper()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 0.5, 0.75 } });
        var one = Inpainting.Ascend(new StandardNormal(2), x, tensor(new[] { true, false }), new() { Steps = 1, Noise = 0 });
        var two = Inpainting.Ascend(new StandardNormal(2), x, tensor(new[] { true, false }), new() { Steps = 2, Noise = 0 });
        Assert.InRange(Distance(one, tensor(new[,] { { 0.5 * 0.9, 0.75 } })), 0, 1e-15);
        Assert.InRange(Distance(two, tensor(new[,] { { 0.5 * 0.9 * (91.0 / 101), 0.75 } })), 0, 1e-15);
    }

    // x' = x (1 - alpha) + alpha s e for one step at 0: a deviation of alpha s over many coordinates.
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void Noise_has_the_deviation_that_is_asked_for(double noise)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        const int count = 10_000;
        var x = zeros(count, 1, dtype: float64);
        var moved = Inpainting.Ascend(new StandardNormal(1), x, tensor(new[] { true }), new() { Steps = 1, Noise = noise, Low = -9, High = 9 });
        Assert.InRange(moved.std().ToDouble() / (0.1 * noise), 1 - 4 / Math.Sqrt(2 * count), 1 + 4 / Math.Sqrt(2 * count));
    }

    [Fact]
    public void Seen_coordinates_never_change_and_hidden_ones_stay_within_bounds()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var flow = RealNvp.Create(features: 4, layers: 2, hidden: [8]);
        flow.train();
        var x = randn(6, 4) * 3;                                                                  // also outside the bounds
        var hidden = rand(6, 4) < 0.5;
        var filled = Inpainting.Ascend(flow, x, hidden, new() { Steps = 50 });
        Assert.Equal(x[hidden.logical_not()].data<float>().ToArray(), filled[hidden.logical_not()].data<float>().ToArray());
        Assert.True(filled[hidden].ge(0).logical_and(filled[hidden].le(1)).all().ToBoolean());
        Assert.False(filled.requires_grad);
        Assert.True(flow.training);
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad is null or { IsInvalid: true }));
    }

    [Fact]
    public void A_density_that_is_nowhere_finite_gives_finite_pictures()
    {
        using var scope = NewDisposeScope();
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300 })
        {
            var filled = Inpainting.Ascend(new Steep(bad), full([2, 2], 0.5), tensor(new[] { true, false }), AscentOptions.Preconditioned with { Steps = 5 });
            Assert.True(filled.isfinite().all().ToBoolean());
            filled = Inpainting.Ascend(new Steep(bad), full([2, 2], 0.5), tensor(new[] { true, false }), new() { Steps = 5, Low = double.NegativeInfinity, High = double.PositiveInfinity });
            Assert.True(filled.isfinite().all().ToBoolean());
        }
    }

    [Fact]
    public void Two_steps_leave_as_few_tensors_as_two_hundred()
    {
        using var scope = NewDisposeScope();
        var flow = RealNvp.Create(features: 4, layers: 2, hidden: [8]);
        Assert.Equal(Left(2), Left(200));

        long Left(int steps)
        {
            using var inner = NewDisposeScope();
            Inpainting.Ascend(flow, zeros(3, 4), tensor(lastTwo), new() { Steps = steps });
            return inner.DisposablesCount;
        }
    }

    // Sigma = ((4, 2, 1), (2, 3, 0), (1, 0, 2)), m = (1, 0, -1): E[x1 | x2 = 3] = 1 + 2/3 * 3 = 3; E[x3 | x2 = 3] = -1;
    // E[x3 | x1 = 5, x2 = 3] = -1 + (1, 0) ((4, 2), (2, 3))^-1 (4, 3) = -1 + (3 * 4 - 2 * 3) / 8 = -0.25.
    [Fact]
    public void The_conditional_mean_is_the_one_computed_by_hand()
    {
        using var scope = NewDisposeScope();
        var mean = tensor(new[] { 1.0, 0, -1 });
        var covariance = tensor(new[,] { { 4.0, 2, 1 }, { 2, 3, 0 }, { 1, 0, 2 } });
        var x = tensor(new[,] { { 99.0, 3, 99 }, { 5, 3, 99 }, { 99, 99, 99 }, { 5, 3, 2 } });
        var hidden = tensor(new[,] { { true, false, true }, { false, false, true }, { true, true, true }, { false, false, false } });
        var expected = tensor(new[,] { { 3.0, 3, -1 }, { 5, 3, -0.25 }, { 1, 0, -1 }, { 5, 3, 2 } });
        Assert.InRange(Distance(Inpainting.GaussianConditionalMean(mean, covariance, x, hidden), expected), 0, 1e-14);
        Assert.InRange(Distance(Inpainting.GaussianConditionalMean(mean, covariance, x.narrow(0, 0, 1), hidden[0]), expected.narrow(0, 0, 1)), 0, 1e-14);
    }

    [Fact]
    public void A_fitted_Gaussian_has_the_moments_of_the_training_examples()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var (mean, covariance) = Correlated();
        var training = new MultivariateNormal(mean, covariance).Sample(5000);                      // more than one block
        var x = new MultivariateNormal(mean, covariance).Sample(7).reshape(7, 2, 2);
        var hidden = tensor(lastTwo).reshape(2, 2);
        var fitted = cov(training.to(float64).t()) * (4999.0 / 5000) + eye(4, dtype: float64) * 0.01;
        var expected = Inpainting.GaussianConditionalMean(training.to(float64).mean([0]), fitted, x, hidden);
        var filled = Inpainting.GaussianConditionalMean(training.reshape(-1, 2, 2), x, hidden, epsilon: 0.01);
        Assert.Equal(float32, filled.dtype);
        Assert.InRange(Distance(filled, expected), 0, 1e-6);
    }

    [Fact]
    public void The_nearest_neighbor_is_nearest_in_what_is_seen()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var training = randn(9000, 4);                                                             // more than two blocks
        var x = cat([training.narrow(0, 8990, 1), training.narrow(0, 17, 1), randn(3, 4)]);
        var hidden = tensor(lastTwo);
        var filled = Inpainting.NearestNeighbor(training, where(hidden, full_like(x, 50), x), hidden);
        Assert.Equal(0, Distance(filled.narrow(0, 0, 2), x.narrow(0, 0, 2)));
        for (int i = 2; i < 5; i++)
        {
            var nearest = (training - x[i]).narrow(1, 0, 2).square().sum(1).argmin();
            Assert.Equal(0, Distance(filled[i].narrow(0, 2, 2), training[nearest].narrow(0, 2, 2)));
        }
        Assert.Equal(0, Distance(filled.narrow(1, 0, 2), x.narrow(1, 0, 2)));
    }

    [Fact]
    public void The_mean_fills_in_the_mean_and_the_error_counts_hidden_coordinates()
    {
        using var scope = NewDisposeScope();
        var training = tensor(new[,] { { 0.0, 2 }, { 4, 4 } });
        var x = tensor(new[,] { { 7.0, 0 }, { 8, 5 } });
        var hidden = tensor(new[] { false, true });
        var filled = Inpainting.Mean(training, x, hidden);
        Assert.Equal([7.0, 3, 8, 3], filled.data<double>().ToArray());
        var error = Inpainting.RootMeanSquare(filled, x, hidden);                                 // squares 9 and 4
        Assert.Equal(Math.Sqrt(6.5), error.Mean, 12);
        Assert.Equal(2.5 / (2 * Math.Sqrt(6.5)), error.StandardError, 12);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var scope = NewDisposeScope();
        var (law, x, hidden) = (new StandardNormal(2), zeros(3, 2), tensor(new[] { true, false }));
        Assert.Contains("hidden is float32", Assert.Throws<ArgumentException>(() => Inpainting.Ascend(law, x, ones(2))).Message);
        Assert.Contains("hidden has shape (3,)", Assert.Throws<ArgumentException>(() => Inpainting.Ascend(law, x, ones(3, dtype: @bool))).Message);
        Assert.Contains("x has shape (3, 4)", Assert.Throws<ArgumentException>(() => Inpainting.Ascend(law, zeros(3, 4), hidden)).Message);
        Assert.Contains("x is int64", Assert.Throws<ArgumentException>(() => Inpainting.Ascend(law, zeros(3, 2, dtype: int64), hidden)).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Inpainting.Ascend(law, full(3, 2, double.NaN), hidden)).Message);
        Assert.Contains("no gradient", Assert.Throws<ArgumentException>(() => Inpainting.Ascend(new Constant(), x, hidden)).Message);
        Assert.Equal("Steps", Assert.Throws<ArgumentOutOfRangeException>(() => Inpainting.Ascend(law, x, hidden, new() { Steps = -1 })).ParamName);
        Assert.Equal("High", Assert.Throws<ArgumentOutOfRangeException>(() => Inpainting.Ascend(law, x, hidden, new() { Low = 1 })).ParamName);
        Assert.Contains("expected (N, 2)", Assert.Throws<ArgumentException>(() => Inpainting.Mean(zeros(5, 3), x, hidden)).Message);
        Assert.Contains("singular", Assert.Throws<ArgumentException>(() => Inpainting.GaussianConditionalMean(zeros(5, 2), x, hidden, epsilon: 0)).Message);
        Assert.Contains("covariance has shape (3, 3)", Assert.Throws<ArgumentException>(() => Inpainting.GaussianConditionalMean(zeros(2), eye(3), x, hidden)).Message);
        Assert.Contains("false everywhere", Assert.Throws<ArgumentException>(() => Inpainting.RootMeanSquare(x, x, zeros(2, dtype: @bool))).Message);
    }

    [Theory]
    [InlineData(28, 28)]
    [InlineData(5, 7)]
    public void Opposite_regions_are_complements_and_random_ones_have_their_number(int height, int width)
    {
        using var scope = NewDisposeScope();
        var regions = HiddenPixels.All(height, width, seed: 3);
        Assert.Equal(10, regions.Count);
        for (int i = 0; i < 6; i += 2) Assert.True((regions[i].Mask ^ regions[i + 1].Mask).all().ToBoolean());
        Assert.Equal((long)Math.Round(0.75 * height * width), regions[8].Mask.sum().ToInt64());
        Assert.Equal((long)Math.Round(0.9 * height * width), regions[9].Mask.sum().ToInt64());
        Assert.True(regions[8].Mask.eq(HiddenPixels.All(height, width, seed: 3)[8].Mask).all().ToBoolean());
    }

    private static (Tensor Mean, Tensor Covariance) Correlated()
    {
        var root = tensor(new[,] { { 1.0, 0, 0, 0 }, { 0.8, 0.6, 0, 0 }, { -0.5, 0.3, 0.7, 0 }, { 0.4, -0.4, 0.2, 0.9 } });
        return (tensor(new[] { 0.5, -1, 0, 2 }), root.mm(root.t()));
    }

    // log p is that number times the sum of x, as steep as the number says.
    private sealed class Steep(double slope) : Distribution("Steep", 2)
    {
        protected override Tensor LogProbCore(Tensor x, Tensor? context) => (x * slope).sum(1);

        protected override Tensor SampleCore(long count, Tensor? context) => zeros(BatchOf(count), dtype: Dtype, device: Device);
    }

    private sealed class Constant() : Distribution("Constant", 2)
    {
        protected override Tensor LogProbCore(Tensor x, Tensor? context) => zeros(x.size(0), dtype: x.dtype, device: x.device);

        protected override Tensor SampleCore(long count, Tensor? context) => zeros(BatchOf(count), dtype: Dtype, device: Device);
    }
}
