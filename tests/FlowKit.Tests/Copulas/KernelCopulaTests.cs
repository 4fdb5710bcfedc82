using FlowKit.Copulas;
using FlowKit.Laws;

namespace FlowKit.Tests;

/// <summary>The kernel estimate is a copula whatever the data are, agrees with its own integrals, and is near the truth.</summary>
public class KernelCopulaTests
{
    public static TheoryData<string> Data => ["Gaussian", "Clayton, turned", "independent", "tied", "ten pairs", "diagonal"];

    [Theory, MemberData(nameof(Data))]
    public void The_density_and_its_margins_integrate_to_1(string name)
    {
        var kernel = Kernel(name);
        var (u, weights) = Gauss(pieces: 600);
        var (n, at) = (u.size(0), tensor(new[] { 1e-9, 1e-4, 0.03, 0.2, 0.5, 0.77, 0.99, 1 - 1e-6 }));
        foreach (bool first in new[] { true, false })
        {
            var (across, along) = (at.repeat_interleave(n), u.repeat(at.size(0)));
            var density = kernel.LogProb(stack(first ? [across, along] : [along, across], dim: 1)).exp().reshape(-1, n);
            Expect.Near((density * weights).sum(dim: 1), ones_like(at), 1e-3, "the margins");
        }
        (u, weights) = Gauss(pieces: 100);
        n = u.size(0);
        var all = kernel.LogProb(stack([u.repeat_interleave(n), u.repeat(n)], dim: 1)).exp();
        Assert.Equal(1, (all * weights.repeat_interleave(n) * weights.repeat(n)).sum().ToDouble(), tolerance: 1e-3);
    }

    [Theory, MemberData(nameof(Data))]
    public void The_h_functions_are_slopes_of_the_distribution_function_and_their_inverses_undo_them(string name)
    {
        manual_seed(3);
        var kernel = Kernel(name);
        var x = rand(500, 2, dtype: float64) * 0.98 + 0.01;
        const double Step = 1e-6;
        Tensor Moved(Func<Tensor, Tensor> f, int column, double by)
        {
            var moved = x.clone();
            moved.select(1, column).add_(by);
            return f(moved);
        }
        Tensor Slope(Func<Tensor, Tensor> f, int column) => (Moved(f, column, Step) - Moved(f, column, -Step)) / (2 * Step);
        double rough = 1e-4 * Math.Max(1, kernel.LogProb(x).exp().max().ToDouble());         // a kink within the step
        Expect.Near(Slope(kernel.Cdf, 1), kernel.GivenSecond(x), rough, "h(u | v)");
        Expect.Near(Slope(kernel.Cdf, 0), kernel.GivenFirst(x), rough, "h(v | u)");
        Expect.Near(Slope(kernel.GivenSecond, 0), kernel.LogProb(x).exp(), 10 * rough, "the density");
        Expect.Near(Slope(kernel.GivenFirst, 1), kernel.LogProb(x).exp(), 10 * rough, "the density");

        var p = rand(500, dtype: float64);
        Expect.Near(kernel.GivenSecond(stack([kernel.InverseGivenSecond(p, x.select(1, 1)), x.select(1, 1)], dim: 1)), p, 1e-10, "h of its inverse, given the second");
        Expect.Near(kernel.GivenFirst(stack([x.select(1, 0), kernel.InverseGivenFirst(p, x.select(1, 0))], dim: 1)), p, 1e-10, "h of its inverse, given the first");
    }

    [Theory, MemberData(nameof(Data))]
    public void Corners_are_finite_and_ranks_stay_in_order_between_0_and_1(string name)
    {
        var kernel = Kernel(name);
        double[] edge = [1e-300, 1e-12, 1e-5, 0.5, 1 - 1e-5, 1 - 1e-12];
        var (u, v) = (tensor(edge).repeat_interleave(edge.Length), tensor(edge).repeat(edge.Length));
        var x = stack([u, v], dim: 1);
        foreach (var value in new[] { kernel.LogProb(x), kernel.Cdf(x), kernel.GivenFirst(x), kernel.GivenSecond(x), kernel.InverseGivenFirst(u, v), kernel.InverseGivenSecond(u, v) })
            Assert.True(value.isfinite().all().ToBoolean());

        var along = linspace(0, 1, 2001, dtype: float64);
        foreach (double other in edge)
        {
            var ranks = kernel.GivenSecond(stack([along, full_like(along, other)], dim: 1));
            Assert.True(ranks.diff().ge(-1e-15).all().ToBoolean() && ranks.ge(0).all().ToBoolean() && ranks.le(1).all().ToBoolean());
            Assert.Equal(0, ranks[0].ToDouble());
            Assert.Equal(1, ranks[^1].ToDouble(), tolerance: 1e-9);
        }
        var ends = tensor(new[,] { { 0.3, 1 }, { 1, 0.3 }, { 0.3, 0 }, { 1, 1 } });
        Expect.Near(kernel.Cdf(ends), tensor(new[] { 0.3, 0.3, 0, 1 }), 1e-9, "C at the edges");
        Assert.Equal(double.NegativeInfinity, kernel.LogProb(tensor(new[,] { { 1.5, 0.5 } })).ToDouble());
        Assert.True(kernel.LogProb(tensor(new[,] { { double.NaN, 0.5 } })).isnan().ToBoolean());
    }

    [Fact]
    public void It_is_near_the_truth_on_new_data_and_fits_its_own_a_little_better()
    {
        foreach (var (one, most) in new (PairFamilyTests.Case, double)[] { (new(new GaussianCopula(), 0.7), 0.006), (new(new Clayton(), 2), 0.012), (new(new Independence()), 0.006), (new(new StudentCopula(), 0, 2), 0.01) })
        {
            manual_seed(4);
            var truth = one.Turned();
            var (x, more) = (truth.Sample(4000), truth.Sample(20_000));
            var kernel = KernelCopula.Fit(x);
            double behind = (truth.LogProb(more) - kernel.LogProb(more)).mean().ToDouble();
            double over = (kernel.LogProb(x) - truth.LogProb(x)).sum().ToDouble();
            Assert.InRange(behind, 0, most);                                  // Kullback-Leibler divergence: not negative
            Assert.InRange(over, 0, 60);                                      // about half of its degrees of freedom
            Assert.InRange(kernel.DegreesOfFreedom, 10, 80);
            Assert.Equal(truth.Tau, kernel.Tau, tolerance: 0.03);
        }
    }

    [Fact]
    public void More_data_bring_it_nearer_and_a_wider_bandwidth_has_fewer_degrees_of_freedom()
    {
        manual_seed(5);
        var truth = new PairFamilyTests.Case(new Frank(), 5).Turned();
        var x = truth.Sample(20_000);
        double Behind(int count) => (truth.LogProb(x) - KernelCopula.Fit(x[..count]).LogProb(x)).mean().ToDouble();
        Assert.True(Behind(8000) < Behind(800) / 2);
        Assert.True(KernelCopula.Fit(x[..800], bandwidth: 2).DegreesOfFreedom < KernelCopula.Fit(x[..800]).DegreesOfFreedom / 1.5);
    }

    [Fact]
    public void Tau_is_that_of_its_draws_and_their_margins_are_uniform()
    {
        manual_seed(6);
        var kernel = Kernel("Clayton, turned");
        kernel.to(float64);
        var x = kernel.Sample(20_000);
        Assert.Equal(kernel.Tau, KendallTau.Of(x), tolerance: 4 * 0.006);
        for (int i = 0; i < 2; i++) Assert.InRange(Kolmogorov.Tail(Kolmogorov.Statistic(x.select(1, i), p => p)), 1e-4, 1);
        Assert.Equal((0, 0), kernel.TailDependence);
    }

    [Fact]
    public void A_saved_one_is_loaded_into_a_new_one()
    {
        var (kernel, other) = (Kernel("Gaussian"), new KernelCopula());
        manual_seed(7);
        var x = rand(100, 2, dtype: float64);
        Expect.Near(other.LogProb(x), zeros(100), 1e-12, "independence at first");
        Assert.Equal((0, 0), (other.Tau, other.DegreesOfFreedom));
        string file = Path.GetTempFileName();
        try
        {
            kernel.save(file);
            other.load(file);
        }
        finally
        {
            File.Delete(file);
        }
        Expect.Near(other.LogProb(x), kernel.LogProb(x), 0, "the loaded one");
        Expect.Near(other.InverseGivenFirst(x.select(1, 0), x.select(1, 1)), kernel.InverseGivenFirst(x.select(1, 0), x.select(1, 1)), 0, "its inverse");
        Assert.Equal(kernel.DegreesOfFreedom, other.DegreesOfFreedom);
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("x", () => KernelCopula.Fit(rand(5, 2)));
        Assert.Throws<ArgumentException>("x", () => KernelCopula.Fit(randn(50, 2)));
        Assert.Throws<ArgumentOutOfRangeException>("bandwidth", () => KernelCopula.Fit(rand(50, 2), bandwidth: 0));
    }

    private static KernelCopula Kernel(string name)
    {
        manual_seed(8);
        var x = name switch
        {
            "Gaussian" => new PairFamilyTests.Case(new GaussianCopula(), 0.7).Turned().Sample(3000),
            "Clayton, turned" => new PairFamilyTests.Case(new Clayton(), 2).Turned(90).Sample(3000),
            "tied" => ((rand(500, 2, dtype: float64) * 10).floor() + 0.5) / 10,
            "ten pairs" => rand(10, 2, dtype: float64),
            "diagonal" => rand(200, 1, dtype: float64).expand(-1, 2),
            _ => rand(1000, 2, dtype: float64),
        };
        return KernelCopula.Fit(x);
    }

    // Gauss-Legendre rules on pieces that shrink toward both ends; their ends are not the grid's nodes.
    private static (Tensor Points, Tensor Weights) Gauss(int pieces)
    {
        var rule = new MathNet.Numerics.Integration.GaussLegendreRule(0, 1, 4);
        double[] ends = [0, .. Enumerable.Range(0, pieces + 1).Select(k => 1 / (1 + Math.Exp(10.5 - 21.0 * k / pieces))), 1];
        var (points, weights) = (new List<double>(), new List<double>());
        foreach (var (low, high) in ends.Zip(ends.Skip(1)))
            for (int k = 0; k < rule.Order; k++)
            {
                points.Add(low + (high - low) * rule.GetAbscissa(k));
                weights.Add((high - low) * rule.GetWeight(k));
            }
        return (tensor(points.ToArray()), tensor(weights.ToArray()));
    }
}
