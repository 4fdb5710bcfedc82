using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Inference;
using Bessel = MathNet.Numerics.SpecialFunctions;

namespace FlowKit.Tests.Inference;

public class MonteCarloTests
{
    private static readonly ChainOptions brief = new() { WarmUp = 100, Draws = 100 };

    // One transition from exact draws of p leaves draws of p, whatever the step: the correction at work. Uncorrected, a step this long would leave a variance of 1 / (1 - h²/4) = 2.3.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_law_is_left_as_it_is_by_transitions_of_any_step(bool hamiltonian)
    {
        manual_seed(1);
        const int chains = 100_000;
        var sd = tensor(new[] { 1.0, 1.2 });
        var options = new ChainOptions { Step = 1.5, WarmUp = 0, Draws = 4, TargetAcceptance = 0 };
        Tensor LogP(Tensor x) => (x / sd).square().sum(1) * -0.5;
        var start = randn(chains, 2, dtype: float64) * sd;
        var run = hamiltonian ? HamiltonianMonteCarlo.Run(LogP, start, leaps: 3, options) : Metropolis.Run(LogP, start, options);
        Assert.InRange(run.Acceptance, 0.2, 0.9);
        Assert.Equal(1.5, run.Step, 1e-12);
        for (int i = 0; i < 2; i++)
        {
            var x = run.Draws[3].select(1, i) / sd[i];
            Assert.Equal(1, x.square().mean().ToDouble(), 4.5 * Math.Sqrt(2.0 / chains));
            Assert.Equal(0, x.mean().ToDouble(), 4.5 * Math.Sqrt(1.0 / chains));
            Assert.False(x.eq(start.select(1, i) / sd[i]).all().ToBoolean());
        }
    }

    [Theory]
    [InlineData(true, ScalarType.Float64)]
    [InlineData(true, ScalarType.Float32)]
    [InlineData(false, ScalarType.Float64)]
    public void On_a_torus_a_product_of_von_Mises_laws_has_its_moments(bool hamiltonian, ScalarType dtype)
    {
        manual_seed(2);
        double[] kappa = [0.5, 2, 6];
        var law = new VonMises().Fixed(mean: tensor(new[] { 0.1, 3, 6.2 }), concentration: tensor(kappa)).to(dtype);       // -inf outside [0, 2 pi]
        var options = brief with { IsTorus = true, WarmUp = 200, Draws = hamiltonian ? 100 : 250, Thin = hamiltonian ? 1 : 2 };
        var start = rand(400, 3, dtype: dtype) * 6.2;
        var run = hamiltonian ? HamiltonianMonteCarlo.Run(x => law.LogProb(x), start, leaps: 12, options) : Metropolis.Run(x => law.LogProb(x), start, options);
        Assert.Equal(dtype, run.Draws.dtype);
        Assert.True(run.Draws.ge(0).logical_and(run.Draws.lt(2 * Math.PI)).all().ToBoolean());
        Assert.InRange(run.Acceptance, hamiltonian ? 0.72 : 0.18, hamiltonian ? 0.88 : 0.29);
        double[] means = [0.1, 3, 6.2];
        for (int i = 0; i < 3; i++)
        {
            double order1 = Bessel.BesselI1(kappa[i]) / Bessel.BesselI0(kappa[i]), order2 = 1 - 2 * order1 / kappa[i];
            var first = run.Mean(x => (x.select(1, i) - means[i]).cos());
            var second = run.Mean(x => ((x.select(1, i) - means[i]) * 2).cos());
            var sine = run.Mean(x => (x.select(1, i) - means[i]).sin());
            Assert.Equal(order1, first.Mean, 4.5 * first.StandardError);
            Assert.Equal(order2, second.Mean, 4.5 * second.StandardError);
            Assert.Equal(0, sine.Mean, 4.5 * sine.StandardError);
            Assert.True(first.StandardError < 0.01);
            Assert.InRange(run.RHat(x => x.select(1, i).cos()), 0.99, 1.06);
        }
    }

    [Fact]
    public void The_arm_has_its_exact_mean_cosines_and_energy()
    {
        manual_seed(3);
        var arm = new PlanarArm();
        var run = HamiltonianMonteCarlo.Run(arm.LogDensity, rand(400, 6) * 6.28, leaps: 20, new() { WarmUp = 120, Draws = 120, IsTorus = true });
        for (int i = 0; i < 6; i++)
        {
            var cosine = run.Mean(x => x.select(1, i).cos());
            Assert.Equal(arm.MeanCosines[i], cosine.Mean, 4.5 * cosine.StandardError);
            Assert.True(cosine.StandardError < 0.012);
        }
        var energy = run.Mean(x => -arm.LogDensity(x));
        Assert.Equal(arm.Entropy - arm.LogNormalizer, energy.Mean, 4.5 * energy.StandardError);
    }

    [Fact]
    public void A_wall_is_never_crossed()
    {
        manual_seed(4);
        var box = new Uniform(zeros(2, float64), ones(2, float64));
        var run = HamiltonianMonteCarlo.Run(x => box.LogProb(x) + x.sum(1) * 2, full(200, 2, 0.5, dtype: float64), leaps: 3, brief with { Step = 0.2 });
        Assert.True(run.Draws.ge(0).logical_and(run.Draws.le(1)).all().ToBoolean());
        var mean = run.Mean(x => x.select(1, 0));
        Assert.Equal(1 / (1 - Math.Exp(-2)) - 0.5, mean.Mean, 4.5 * mean.StandardError);
    }

    // x' = a x + sqrt(1 - a²) e: autocorrelations a^t, so that (1 - a) / (1 + a) of the draws count.
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.8)]
    [InlineData(-0.5)]
    public void Chains_of_known_autocorrelation_have_their_effective_sample_size(double a)
    {
        manual_seed(5);
        const int draws = 1000, chains = 50;
        var x = randn(draws, chains, 1, dtype: float64);
        for (int t = 1; t < draws; t++) x[t].mul_(Math.Sqrt(1 - a * a)).add_(x[t - 1] * a);
        var run = new MarkovChains(x, 1, 1);
        Assert.InRange(run.EffectiveSampleSize(x => x.select(1, 0)) / (draws * chains * (1 - a) / (1 + a)), 0.85, 1.15);
        Assert.InRange(run.RHat(x => x.select(1, 0)), 0.999, 1.02);
        var mean = run.Mean(x => x.select(1, 0));
        Assert.InRange(mean.StandardError / Math.Sqrt((1 + a) / (1 - a) / draws / chains), 0.6, 1.5);
    }

    // Halves with means 0 and 2 and variance 1 each: R² is close to (1 + var of means) / 1.
    [Fact]
    public void Chains_that_disagree_or_drift_have_a_large_R_hat()
    {
        manual_seed(6);
        var x = randn(400, 2, 1, dtype: float64);
        x.select(1, 1).add_(2);
        Assert.Equal(Math.Sqrt(1 + 4.0 / 3), new MarkovChains(x, 1, 1).RHat(x => x.select(1, 0)), 0.15);
        var drift = randn(400, 2, 1, dtype: float64);
        drift.narrow(0, 200, 200).add_(2);
        Assert.Equal(Math.Sqrt(1 + 4.0 / 3), new MarkovChains(drift, 1, 1).RHat(x => x.select(1, 0)), 0.15);
        Assert.True(new MarkovChains(x, 1, 1).EffectiveSampleSize(x => x.select(1, 0)) < 10);
    }

    // Draws by hand: halves (1, 2), (3, 5), (2, 4), (4, 1).
    [Fact]
    public void R_hat_is_its_formula()
    {
        var x = tensor(new[] { 1.0, 2, 2, 4, 3, 4, 5, 1 }, [4, 2, 1]);
        double within = (0.5 + 2 + 2 + 4.5) / 4, between = new[] { 1.5, 4, 3, 2.5 } is var means ? means.Sum(m => (m - 2.75) * (m - 2.75)) / 3 : 0;
        Assert.Equal(Math.Sqrt((within / 2 + between) / within), new MarkovChains(x, 1, 1).RHat(x => x.select(1, 0)), 1e-12);
    }

    [Fact]
    public void The_kept_draws_are_thinned_and_the_caller_goes_on_as_before()
    {
        var start = zeros(3, 2);
        manual_seed(7);
        var all = Metropolis.Run(x => x.square().sum(1) * -0.5, start, new() { WarmUp = 5, Draws = 12 });
        manual_seed(7);
        var some = Metropolis.Run(x => x.square().sum(1) * -0.5, start, new() { WarmUp = 5, Draws = 4, Thin = 3 });
        for (int i = 0; i < 4; i++) Assert.Equal(0, FlowKit.Laws.Expect.Distance(all.Draws[3 * i + 2], some.Draws[i]));
        Assert.Equal(0, start.abs().sum().ToDouble());
        Assert.Equal([36L, 2], all.Flat().shape);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Memory_stays_as_it_is()
    {
        manual_seed(8);
        var start = zeros(2000, 20);
        Func<Tensor, Tensor> logP = x => x.square().sum(1) * -0.5;
        HamiltonianMonteCarlo.Run(logP, start, 5, new() { WarmUp = 50, Draws = 1 });
        long before = NativeMemory.InUse;
        HamiltonianMonteCarlo.Run(logP, start, 5, new() { WarmUp = 400, Draws = 1 });
        Assert.True(NativeMemory.InUse - before < 150 << 20, $"{(NativeMemory.InUse - before) >> 20} MB");
    }

    [Fact]
    public void What_cannot_run_is_refused_by_name()
    {
        Func<Tensor, Tensor> log = x => x.square().sum(1) * -0.5;
        var start = ones(4, 2);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>("logDensity", () => HamiltonianMonteCarlo.Run(x => (x.sum(1) - 5).sqrt(), start)).Message);
        Assert.Contains("(4, 2)", Assert.Throws<ArgumentException>("logDensity", () => Metropolis.Run(x => x, start)).Message);
        Assert.Contains("gradient", Assert.Throws<ArgumentException>("logDensity", () => HamiltonianMonteCarlo.Run(x => zeros(4), start)).Message);
        Assert.Contains("chain 0", Assert.Throws<ArgumentException>("start", () => Metropolis.Run(x => log(x) + double.NegativeInfinity, start)).Message);
        Assert.Throws<ArgumentException>("start", () => Metropolis.Run(log, start / 0));
        Assert.Throws<ArgumentException>("start", () => Metropolis.Run(log, ones(4)));
        Assert.Throws<ArgumentException>("start", () => Metropolis.Run(log, ones(4, 2, dtype: int64)));
        Assert.Throws<ArgumentNullException>("logDensity", () => Metropolis.Run(null!, start));
        Assert.Throws<ArgumentException>("options", () => Metropolis.Run(log, start, new() { Draws = 200_000_000 }));
        Assert.Throws<ArgumentOutOfRangeException>("leaps", () => HamiltonianMonteCarlo.Run(log, start, leaps: 0));
        Assert.Throws<ArgumentOutOfRangeException>("Step", () => Metropolis.Run(log, start, new() { Step = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("WarmUp", () => Metropolis.Run(log, start, new() { WarmUp = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>("Draws", () => Metropolis.Run(log, start, new() { Draws = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Thin", () => Metropolis.Run(log, start, new() { Thin = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("TargetAcceptance", () => Metropolis.Run(log, start, new() { TargetAcceptance = 1 }));
        var three = Metropolis.Run(log, start, new() { WarmUp = 0, Draws = 3 });
        Assert.Throws<InvalidOperationException>(() => three.RHat(x => x.select(1, 0)));
        Assert.Contains("(12, 2)", Assert.Throws<ArgumentException>("f", () => three.Mean(x => x)).Message);
    }
}
