using FlowKit.Inference;

namespace FlowKit.Tests.Inference;

public class MmdTests
{
    [Fact]
    public void Both_estimates_are_the_double_loops_of_their_definitions()
    {
        manual_seed(1);
        var (x, y) = (randn(7, 3, float64) + 20, randn(5, 3, float64) * 0.7 + 20.3);
        double[] widths = [0.3, 2];
        double Mean(Tensor a, Tensor b, bool different)
        {
            double sum = 0;
            int pairs = 0;
            for (int i = 0; i < a.size(0); i++)
                for (int j = 0; j < b.size(0); j++)
                    if (!different || i != j) (sum, pairs) = (sum + widths.Sum(h => 1 / (1 + (a[i] - b[j]).square().sum().ToDouble() / (h * h))), pairs + 1);
            return sum / pairs;
        }

        Assert.Equal(Mean(x, x, true) + Mean(y, y, true) - 2 * Mean(x, y, false), Mmd.Unbiased(x, y, widths).ToDouble(), 1e-13);
        Assert.Equal(Mean(x, x, false) + Mean(y, y, false) - 2 * Mean(x, y, false), Mmd.Biased(x, y, widths).ToDouble(), 1e-13);
        Assert.Equal(Mmd.Unbiased(x, y, widths).ToDouble(), Mmd.Unbiased(y, x, widths).ToDouble(), 1e-13);
        Assert.Equal(Mmd.Unbiased(x, y, widths).ToDouble(), Mmd.Test(x, y, widths, permutations: 1).Statistic, 1e-12);
        Assert.Equal(0, Mmd.Biased(x, x).ToDouble(), 1e-13);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0, 0.7)]
    public void The_unbiased_estimate_has_the_mean_of_the_closed_form_of_normal_laws(double shift, double scale)
    {
        manual_seed(2);
        const int features = 2;
        double exact = Mmd.Widths.Sum(h => MeanKernel(h, 0, 2, features) + MeanKernel(h, 0, 2 * scale * scale, features) - 2 * MeanKernel(h, features * shift * shift, 1 + scale * scale, features));
        Estimate mean = Estimate.Of([.. Enumerable.Range(0, 300).Select(_ => Mmd.Unbiased(randn(80, features, float64), randn(60, features, float64) * scale + shift).ToDouble())]);
        Assert.Equal(exact, mean.Mean, 4.5 * mean.StandardError);
        Assert.True(shift == 0 && scale == 1 ? exact == 0 : exact > 8 * mean.StandardError);
    }

    // E 1 / (1 + |d|²/h²) for d ~ N(mu, v I): the integral over t > 0 of e^-t E e^(-t |d|²/h²), by the trapezoid rule in ln t.
    private static double MeanKernel(double h, double squaredMean, double variance, int features)
    {
        double sum = 0;
        for (double s = -60; s < 6; s += 0.01)
        {
            double t = Math.Exp(s), spread = 1 + 2 * t * variance / (h * h);
            sum += t * Math.Exp(-t - t * squaredMean / (h * h) / spread) * Math.Pow(spread, -features / 2.0) * 0.01;
        }
        return sum;
    }

    [Fact]
    public void The_closed_form_of_the_mean_kernel_is_that_of_the_exponential_integral()
    {
        const double a = 0.5, exponentialIntegral = 0.559773594776160;        // e^a E1(a) a with D = 2, where h²/(2 v) = a (Abramowitz, Stegun 1964, table 5.1)
        Assert.Equal(a * Math.Exp(a) * exponentialIntegral, MeanKernel(1, 0, 1, 2), 1e-10);
    }

    [Fact]
    public void Gradients_are_the_differences_of_the_estimate()
    {
        manual_seed(3);
        var (x, y, direction) = (randn(6, 2, float64), randn(4, 2, float64), randn(6, 2, float64));
        var at = x.detach().requires_grad_();
        Mmd.Unbiased(at, y).backward();
        double slope = (at.grad! * direction).sum().ToDouble();
        double difference = (Mmd.Unbiased(x + direction * 1e-6, y) - Mmd.Unbiased(x - direction * 1e-6, y)).ToDouble() / 2e-6;
        Assert.Equal(difference, slope, 1e-8);
        Assert.True(Math.Abs(slope) > 1e-3);
    }

    [Fact]
    public void The_p_value_is_uniform_for_samples_of_one_law()
    {
        manual_seed(4);
        const int runs = 600, steps = 20;
        double[] p = [.. Enumerable.Range(0, runs).Select(run => Mmd.Test(randn(15, 2), randn(10, 2), permutations: steps - 1, seed: run).PValue)];
        double[] counts = [.. Enumerable.Range(1, steps).Select(step => (double)p.Count(value => Math.Abs(value - step / (double)steps) < 1e-9))];
        Assert.Equal(runs, counts.Sum());
        Assert.Equal((1 + 1.0 / steps) / 2, p.Average(), 4.5 / Math.Sqrt(12 * runs));
        double chiSquare = counts.Sum(count => Math.Pow(count - runs / (double)steps, 2) * steps / runs);
        Assert.InRange(chiSquare, 19 - 4.5 * Math.Sqrt(38) / 2, 19 + 4.5 * Math.Sqrt(38));
    }

    [Fact]
    public void Another_law_is_seen_and_the_random_numbers_go_on()
    {
        manual_seed(5);
        var (x, narrow) = (randn(1500, 2), randn(1200, 2) * 0.7);
        var expected = randn(3);
        manual_seed(5);
        (x, narrow) = (randn(1500, 2), randn(1200, 2) * 0.7);
        var test = Mmd.Test(x, narrow, permutations: 199);                    // more rows than one block
        Assert.Equal(1 / 200.0, test.PValue, 1e-15);
        Assert.Equal(Mmd.Unbiased(x.to(float64), narrow.to(float64)).ToDouble(), test.Statistic, 1e-12);
        Assert.Equal(test, Mmd.Test(x, narrow, permutations: 199));
        Assert.True(randn(3).allclose(expected));
    }

    [Fact]
    public void Distances_far_from_the_origin_keep_their_digits()
    {
        manual_seed(6);
        var (x, y) = (randn(50, 2), randn(50, 2));
        Assert.Equal(Mmd.Unbiased(x, y).ToDouble(), Mmd.Unbiased(x + 512, y + 512).ToDouble(), 2e-3);
    }

    [Fact]
    public void Samples_that_do_not_fit_are_refused_by_name()
    {
        var x = randn(5, 2);
        Assert.Contains("(1, 2)", Assert.Throws<ArgumentException>("x", () => Mmd.Unbiased(x[..1], x)).Message);
        Assert.Contains("m >= 2", Assert.Throws<ArgumentException>("y", () => Mmd.Unbiased(x, x[..1])).Message);
        Assert.Contains("(m, 2)", Assert.Throws<ArgumentException>("y", () => Mmd.Biased(x, randn(5, 3))).Message);
        Assert.Contains("float64", Assert.Throws<ArgumentException>("y", () => Mmd.Unbiased(x, x.to(float64))).Message);
        Assert.Throws<ArgumentException>("x", () => Mmd.Unbiased(arange(6).view(3, 2), x));
        Assert.Throws<ArgumentException>("x", () => Mmd.Test(x / 0, x));
        Assert.Throws<ArgumentException>("y", () => Mmd.Test(x, x * double.NaN));
        Assert.Throws<ArgumentException>("widths", () => Mmd.Unbiased(x, x, [0.5, 0]));
        Assert.Throws<ArgumentException>("widths", () => Mmd.Unbiased(x, x, []));
        Assert.Throws<ArgumentOutOfRangeException>("permutations", () => Mmd.Test(x, x, permutations: 0));
        Assert.True(Mmd.Unbiased(x * double.NaN, x).isnan().ToBoolean());
    }

    // x_i and y_i share a coordinate: only without the pairs of one row is the estimate 0 on average.
    [Fact]
    public void Paired_samples_of_one_law_have_mean_0_without_the_pairs_of_one_row()
    {
        manual_seed(0);
        var (paired, plain) = (new double[200], new double[200]);
        for (int k = 0; k < paired.Length; k++)
        {
            using var scope = NewDisposeScope();
            var shared = randn(50, 1, dtype: float64);
            var (x, y) = (cat([shared, randn(50, 1, dtype: float64)], 1), cat([shared, randn(50, 1, dtype: float64)], 1));
            (paired[k], plain[k]) = (Mmd.Unbiased(x, y, isPaired: true).ToDouble(), Mmd.Unbiased(x, y).ToDouble());
        }
        var (of, without) = (Estimate.Of(tensor(paired)), Estimate.Of(tensor(plain)));
        Assert.InRange(of.Mean, -4 * of.StandardError, 4 * of.StandardError);
        Assert.True(without.Mean < -4 * without.StandardError);
        Assert.Throws<ArgumentException>("y", () => Mmd.Unbiased(zeros(3, 1), zeros(4, 1), isPaired: true));
    }
}
