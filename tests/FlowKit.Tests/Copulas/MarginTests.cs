using FlowKit.Copulas;
using FlowKit.Distributions;
using FlowKit.Laws;
using FlowKit.Training;
using FlowKit.Transforms;

namespace FlowKit.Tests;

/// <summary>What every margin obeys: its distribution function, its quantiles and its density agree, far into both tails.</summary>
public class MarginTests
{
    private static readonly double[] Probabilities = [1e-12, 1e-9, 1e-6, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1 - 1e-3, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12];

    private static readonly Dictionary<string, Func<Margin>> Margins = new()
    {
        ["normal"] = () => new FamilyMargin(new Normal(), 1, 0.7),
        ["Student t, nu = 2"] = () => Student(2),
        ["generalized Pareto"] = () => new FamilyMargin(new GeneralizedPareto(), 0.5, 0.3),
        ["mixture of normals"] = () => new FamilyMargin(new MixtureFamily(new Normal(), 2), 0.3, -1, 2, 1.5, 0, -0.5),
        ["empirical"] = () => EmpiricalMargin.Fit(Draws(500)),
        ["empirical, with ties"] = () => EmpiricalMargin.Fit((Draws(500) * 4).round()),
        ["kernel"] = () => KernelMargin.Fit(Draws(300)),
        ["kernel, given bandwidth"] = () => KernelMargin.Fit(Draws(300), bandwidth: 0.05),
        ["kernel, on a grid"] = () => KernelMargin.Fit(Draws(5000)),
        ["kernel, on a grid, heavy tails"] = () => KernelMargin.Fit(HeavyDraws(5000)),
        ["tailed"] = () => TailedMargin.Fit(HeavyDraws(5000)),
        ["tailed, of bounded data"] = () => TailedMargin.Fit(Uniforms(2000)),
        ["tailed, exponential and Gaussian"] = () => TailedMargin.Fit(Draws(1000), new() { Lower = TailBelief.Exponential, Upper = TailBelief.Gaussian, UpperShare = 0.1 }),
        ["tailed, with ties"] = () => TailedMargin.Fit((Draws(2000) * 4).round(), new() { Lower = TailBelief.Exponential, Upper = TailBelief.Exponential }),
        ["flow"] = () => Bent(null),
        ["flow on a heavy base"] = () => Bent(Student(3)),
        ["numerical quantiles"] = () => new GumbelMargin(),
    };

    public static TheoryData<string> Names => [.. Margins.Keys];

    [Theory, MemberData(nameof(Names))]
    public void The_distribution_function_of_a_quantile_is_the_probability(string name)
    {
        var margin = Margins[name]();
        var p = tensor(Probabilities);
        double spread = Spread(margin);
        foreach (bool upper in (bool[])[false, true])
        {
            var x = upper ? margin.SurvivalQuantile(p) : margin.Quantile(p);
            var rounding = (x.abs() + spread) * 2.3e-16 * margin.LogProb(x.unsqueeze(1)).exp();          // of x, beside an end of the support
            var error = ((upper ? margin.Survival(x) : margin.Cdf(x)) - p).abs();
            Assert.InRange(((error - rounding) / p).max().ToDouble(), double.NegativeInfinity, 1e-9);
        }
        Assert.InRange((margin.Quantile(p).diff(1, 0)).min().ToDouble(), double.Epsilon, double.PositiveInfinity);
        Assert.InRange((margin.Cdf(margin.Quantile(p)) + margin.Survival(margin.Quantile(p)) - 1).abs().max().ToDouble(), 0, 1e-14);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_density_is_the_slope_of_the_distribution_function(string name)
    {
        var margin = Margins[name]();
        var x = margin.Quantile(linspace(0.003, 0.997, 101, dtype: float64)).detach().requires_grad_();
        var density = margin.LogProb(x.detach().unsqueeze(1)).detach().exp();
        var slope = autograd.grad([margin.Cdf(x).sum()], [x])[0];
        Assert.InRange((slope / density - 1).abs().max().ToDouble(), 0, 1e-9);
        Assert.InRange((autograd.grad([margin.Survival(x).sum()], [x])[0] / density + 1).abs().max().ToDouble(), 0, 1e-9);
        if (name.StartsWith("empirical")) return;                             // its density jumps within a step

        double step = 1e-6 * Spread(margin);
        var difference = (margin.Cdf(x.detach() + step) - margin.Cdf(x.detach() - step)) / (2 * step);
        Assert.InRange((difference / density - 1).abs().max().ToDouble(), 0, 1e-4);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_density_integrates_to_1(string name)
    {
        // Between quantiles piece by piece, by the midpoint rule: far tails are pieces of their own.
        var margin = Margins[name]();
        double[] p = [1e-9, 1e-7, 1e-5, 1e-4, 1e-3, .. Enumerable.Range(1, 99).Select(i => i / 100.0)];
        var below = margin.Quantile(tensor(p)).data<double>().ToArray();
        var above = margin.SurvivalQuantile(tensor(p[..5])).data<double>().ToArray();
        double[] ends = [.. below, .. above.Reverse()];
        double mass = 0;
        int nodes = name.StartsWith("empirical") ? 4000 : 200;
        for (int i = 0; i + 1 < ends.Length; i++)
        {
            using var scope = NewDisposeScope();
            var x = linspace(ends[i], ends[i + 1], nodes + 1, dtype: float64);
            x = (x.narrow(0, 0, nodes) + x.narrow(0, 1, nodes)) / 2;
            mass += margin.LogProb(x.unsqueeze(1)).exp().sum().ToDouble() * (ends[i + 1] - ends[i]) / nodes;
        }
        Assert.Equal(1, mass, tolerance: name.StartsWith("empirical") ? 5e-3 : 1e-4);
    }

    [Theory, MemberData(nameof(Names))]
    public void Draws_follow_the_distribution_function(string name)
    {
        var margin = Margins[name]().to(float64);
        manual_seed(7);
        var x = margin.Sample(2000).squeeze(1);
        Assert.InRange(Kolmogorov.Tail(Kolmogorov.Statistic(x, margin.Cdf)), 1e-4, 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Infinities_have_all_mass_on_one_side_and_no_probability_has_no_quantile(string name)
    {
        var margin = Margins[name]();
        var x = tensor(new[] { double.NegativeInfinity, double.PositiveInfinity, double.NaN, -1e200, 1e200 });
        Assert.Equal([0, 1, double.NaN], margin.Cdf(x).data<double>().ToArray()[..3]);
        Assert.Equal([1, 0, double.NaN], margin.Survival(x).data<double>().ToArray()[..3]);
        Assert.False(margin.Cdf(x).narrow(0, 3, 2).isnan().any().ToBoolean());
        double[] q = margin.Quantile(tensor(new[] { 0, 1, double.NaN, -0.1, 1.1 })).data<double>().ToArray();
        Assert.True(q[0] < q[1] && q[2..].All(double.IsNaN));
        Assert.Equal([q[1], q[0]], margin.SurvivalQuantile(tensor(new[] { 0.0, 1 })).data<double>().ToArray());
        Assert.Equal(0, margin.Cdf(empty(0, dtype: float64)).numel());
    }

    [Fact]
    public void Kernel_estimates_are_means_over_the_data()
    {
        var data = Draws(50);
        var margin = KernelMargin.Fit(data, bandwidth: 0.3);
        var x = linspace(-4, 4, 33, dtype: float64);
        var z = (x.unsqueeze(1) - data.squeeze(1)) / 0.3;
        Expect.Near(margin.Cdf(x), special.ndtr(z).mean([1]), 1e-14, "F");
        Expect.Near(margin.LogProb(x.unsqueeze(1)), ((z.square() / -2).exp() / (0.3 * Math.Sqrt(2 * Math.PI))).mean([1]).log(), 1e-10, "ln f");
    }

    [Fact]
    public void The_grid_of_a_kernel_estimate_changes_little()
    {
        var data = Draws(5000);
        var margin = KernelMargin.Fit(data);
        double h = margin.Bandwidth;
        var x = linspace(-3, 3, 61, dtype: float64);
        var z = (x.unsqueeze(1) - data.squeeze(1)) / h;
        var exact = ((z.square() / -2).exp() / (h * Math.Sqrt(2 * Math.PI))).mean([1]);
        Expect.Near(margin.LogProb(x.unsqueeze(1)).exp(), exact, 1e-3 * exact.max().ToDouble(), "f");
        Expect.Near(margin.Cdf(x), special.ndtr(z).mean([1]), 2e-4, "F");
    }

    [Fact]
    public void The_empirical_law_of_its_own_data_gives_their_ranks()
    {
        var data = (Draws(200) * 5).round();
        Expect.Near(EmpiricalMargin.Fit(data).Cdf(data.squeeze(1)), PseudoObservations.Of(data).Values.squeeze(1), 1e-15, "ranks");
    }

    [Fact]
    public void A_marginal_flow_learns_a_density_and_keeps_the_tails_of_its_base()
    {
        manual_seed(3);
        var x = HeavyDraws(3000).abs().log();
        var margin = Bent(null);
        Trainer.Fit(margin, x, options: new() { Steps = 150, LearningRate = 0.05 });
        var heavy = Bent(Student(2));
        double best = -Trainer.NegativeLogLikelihood(KernelMargin.Fit(x), x).Mean;
        Assert.InRange(-Trainer.NegativeLogLikelihood(margin, x).Mean, best - 0.1, best + 0.1);

        // P(X > x) x² tends to a constant with a base of tail index 2, to 0 with a Gaussian base.
        double At(Margin margin, double x) => margin.Survival(tensor([x])).ToDouble() * x * x;
        Assert.Equal(1, At(heavy, 1e4) / At(heavy, 1e3), tolerance: 0.01);
        Assert.Equal(0, At(Bent(null), 60));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("x", () => Student(2).Cdf(rand(3, 2)));
        Assert.Throws<ArgumentException>("p", () => Student(2).Quantile(rand(3, 2)));
        Assert.Throws<ArgumentException>("family", () => new FamilyMargin(new Bernoulli(), 0.5));
        Assert.Throws<ArgumentException>("theta", () => new FamilyMargin(new Normal(), 1));
        Assert.Throws<ArgumentException>("law", () => new FamilyMargin(new Normal().Fixed(zeros(2), ones(2))));
        Assert.Throws<ArgumentException>("x", () => KernelMargin.Fit(rand(10, 2)));
        Assert.Throws<ArgumentException>("x", () => KernelMargin.Fit(ones(10)));
        Assert.Throws<ArgumentException>("x", () => KernelMargin.Fit(tensor(new[] { 1, double.NaN })));
        Assert.Throws<ArgumentOutOfRangeException>("bandwidth", () => KernelMargin.Fit(rand(10), bandwidth: 0));
        Assert.Throws<ArgumentException>("x", () => EmpiricalMargin.Fit(rand(1)));
        Assert.Throws<ArgumentException>("transform", () => new FlowMargin(new ElementwiseTransform(new AffineMap(), [2])));
        Assert.Throws<ArgumentException>("transform", () => new FlowMargin(new ElementwiseTransform(new AffineMap(), [1], contextShape: 2)));
    }

    private static double Spread(Margin margin) => margin.Quantile(tensor([0.25, 0.75])).diff(1, 0).ToDouble();

    internal static Margin Student(double nu) => new FamilyMargin(new StudentT(), 0, 0, Math.Log(nu));

    internal static Tensor Draws(int count)
    {
        manual_seed(11);
        return randn(count, 1, dtype: float64);
    }

    internal static Tensor HeavyDraws(int count)
    {
        manual_seed(12);
        return Student(2).to(float64).Sample(count);
    }

    private static Tensor Uniforms(int count)
    {
        manual_seed(13);
        return rand(count, 1, dtype: float64);
    }

    private static FlowMargin Bent(Margin? @base)
    {
        manual_seed(14);
        var spline = new ElementwiseTransform(new RationalQuadraticMap(Bins: 8, TailBound: 6), [1]);
        using (no_grad())
            foreach (var parameter in spline.parameters()) parameter.normal_();
        return new(spline, @base);
    }

    private sealed class GumbelMargin() : Margin("GumbelMargin")
    {
        protected override (Tensor Below, Tensor Above) LogTails(Tensor x) => (-x.neg().exp(), x.neg().exp().neg().expm1().neg().log());

        protected override Tensor LogDensity(Tensor x) => -x - x.neg().exp();
    }
}
