using CsCheck;
using FlowKit.Measures;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>Definitions 1.11 and 1.25, Theorems 1.5 to 1.8: absolute continuity, densities, Lebesgue's decomposition, Radon-Nikodym.</summary>
public class DensityOfMeasureTests
{
    private static readonly SigmaAlgebra Three = SigmaAlgebra.Discrete(3);

    private static Gen<(PositiveMeasure Mu, PositiveMeasure Nu)> TwoMeasures =>
        Points.SelectMany(Algebra).SelectMany(algebra => Gen.Select(Measure(algebra, FiniteWeight), Measure(algebra, FiniteWeight)));

    [Fact]
    public void The_weights_decide_continuity_and_singularity_as_the_sets_do() =>
        TwoMeasures.Sample((mu, nu) =>
        {
            FiniteSet[] sets = [.. mu.Algebra.Sets];
            Assert.Equal(sets.All(a => mu.Of(a) != 0 || nu.Of(a) == 0), nu.IsAbsolutelyContinuousTo(mu));
            Assert.Equal(sets.Any(a => mu.Of(a) == 0 && nu.Of(~a) == 0), nu.IsSingularTo(mu));
            Assert.Equal(sets.All(a => mu.Of(a) == 0 == (nu.Of(a) == 0)), nu.IsEquivalentTo(mu));
        });

    [Fact]
    public void Only_the_zero_measure_is_both_continuous_and_singular_to_another() =>
        TwoMeasures.Sample((mu, nu) =>
        {
            if (nu.IsAbsolutelyContinuousTo(mu) && nu.IsSingularTo(mu)) Assert.Equal(Rational.Zero, nu.Total);
        });

    [Fact]
    public void Lebesgues_decomposition_is_the_only_one_on_small_spaces() =>
        TwoMeasures.Where((mu, _) => mu.Algebra.Atoms.Count <= 5).Sample((mu, nu) =>
        {
            var (continuous, singular, density) = nu.Decompose(mu);
            Assert.Equal(nu.Weights, (continuous + singular).Weights);
            Assert.True(continuous.IsAbsolutelyContinuousTo(mu) && singular.IsSingularTo(mu));
            Assert.Equal(continuous.Weights, mu.WithDensity(density).Weights);

            // Every way to give whole atoms of nu to one part or the other.
            int others = FiniteSet.All(nu.Weights.Count).Select(chosen => Parts(nu, chosen))
                .Where(parts => parts.First.IsAbsolutelyContinuousTo(mu) && parts.Second.IsSingularTo(mu)).DistinctBy(parts => parts.First.ToString()).Count();
            Assert.Equal(1, others);
        });

    [Fact]
    public void Both_parts_are_continuous_to_nu_itself_so_the_theorem_must_speak_of_mu()
    {
        PositiveMeasure mu = new(Three, 1, 1, 0), nu = new(Three, 0, 2, 3);
        var (continuous, singular, _) = nu.Decompose(mu);
        Assert.True(continuous.IsAbsolutelyContinuousTo(nu) && singular.IsAbsolutelyContinuousTo(nu));       // "nu_c << nu" decides nothing
        Assert.False(singular.IsSingularTo(nu));                                                            // "nu_s singular to nu" is wrong
        Assert.True(continuous.IsAbsolutelyContinuousTo(mu) && singular.IsSingularTo(mu) && !singular.IsAbsolutelyContinuousTo(mu));
    }

    [Fact]
    public void A_derivative_integrates_back_to_the_measure() =>
        Dominated.Sample((mu, nu) =>
        {
            var f = nu.DensityTo(mu);
            Assert.All(mu.Algebra.Sets, a => Assert.Equal(nu.Of(a), mu.Integral(f * FiniteFunction.Indicator(a))));
        });

    [Fact]
    public void The_chain_rule_holds_almost_everywhere() =>
        Points.SelectMany(Algebra).SelectMany(algebra => Gen.Select(Measure(algebra, FiniteWeight), Function(algebra, FiniteWeight), Function(algebra, FiniteWeight))).Sample((rho, f, g) =>
        {
            var mu = Positive(rho.WithDensity(f));
            var nu = Positive(mu.WithDensity(g));
            var (whole, first, second) = (nu.DensityTo(rho), nu.DensityTo(mu), mu.DensityTo(rho));
            Assert.True(rho.AlmostEverywhere(point => whole[point] == first[point] * second[point]));
        });

    [Fact]
    public void Integrals_by_nu_are_integrals_of_g_times_the_density_by_mu() =>
        Dominated.SelectMany((mu, nu) => Gen.Select(Gen.Const(mu), Gen.Const(nu), Function(mu.Algebra))).Sample((mu, nu, g) =>
            Assert.Equal(nu.Integral(g), mu.Integral(g * nu.DensityTo(mu))));

    [Fact]
    public void Densities_that_differ_on_a_null_set_make_the_same_measure() =>
        Points.SelectMany(Algebra).SelectMany(algebra => Gen.Select(Measure(algebra, FiniteWeight), Function(algebra), Measurable(algebra), Fraction)).Sample((mu, f, set, c) =>
        {
            var other = f + FiniteFunction.Indicator(set).Map(one => c * one);
            bool same = mu.WithDensity(f).Weights.SequenceEqual(mu.WithDensity(other).Weights);
            Assert.Equal(c == 0 || mu.IsNull(set), same);
        });

    [Fact]
    public void An_integrable_density_makes_a_finite_signed_measure_and_a_positive_one_a_positive_measure()
    {
        PositiveMeasure mu = new(Three, 1, 2, 3);
        var signed = mu.WithDensity(new FiniteFunction(1, -2, 1));
        Assert.True(signed.IsFinite);
        Assert.Equal(-4, signed.Of(FiniteSet.Of(3, 1)));                        // no positive measure, so not "sigma-finite" as measures are
        Refused<ArgumentException>("mu(A) >= 0", () => Positive(signed));
        Assert.All(Positive(mu.WithDensity(new FiniteFunction(1, 2, 0))).Weights, weight => Assert.True(weight >= 0));
    }

    [Fact]
    public void A_density_to_a_measure_that_does_not_dominate_is_refused()
    {
        PositiveMeasure mu = new(Three, 1, 0, 1), nu = new(Three, 1, 1, 1);
        Refused<ArgumentException>("nu << mu, every mu-null set being nu-null; {1} has mu 0 and nu 1", () => nu.DensityTo(mu));
        Refused<ArgumentException>("sigma-finite", () => nu.DensityTo(new(Three, 1, 1, Rational.Infinity)));
        Refused<ArgumentException>("one sigma-algebra", () => nu.DensityTo(PositiveMeasure.Counting(SigmaAlgebra.Trivial(3))));
    }

    private static Gen<(PositiveMeasure Mu, SignedMeasure Nu)> Dominated => Points.SelectMany(Algebra)
        .SelectMany(algebra => Gen.Select(Measure(algebra, FiniteWeight), Function(algebra))).Select((mu, f) => (mu, mu.WithDensity(f)));

    private static PositiveMeasure Positive(SignedMeasure nu) => new(nu.Algebra, nu.Weights);

    private static (SignedMeasure First, SignedMeasure Second) Parts(SignedMeasure nu, FiniteSet atoms) => (
        new(nu.Algebra, nu.Weights.Select((weight, atom) => atoms.Contains(atom) ? weight : 0)),
        new(nu.Algebra, nu.Weights.Select((weight, atom) => atoms.Contains(atom) ? 0 : weight)));
}
