using FlowKit.Copulas;
using FlowKit.Laws;

namespace FlowKit.Tests;

/// <summary>Laws of every family at members from weak to strong, in all four rotations, against quadrature, finite differences and draws.</summary>
public class PairFamilyTests
{
    private static readonly int[] Rotations = [0, 90, 180, 270];

    public sealed record Case(PairFamily Family, params double[] Theta)
    {
        public override string ToString() => $"{Family.GetType().Name}({string.Join(", ", Theta)})";

        public PairCopula Turned(int rotation = 0)
        {
            var copula = new PairCopula(Family, Theta) { Rotation = rotation };
            copula.to(float64);
            return copula;
        }
    }

    private static readonly Case[] All =
    [
        new(new Independence()), new(new GaussianCopula(), 0.7), new(new GaussianCopula(), -0.5), new(new StudentCopula(), 0.5, 4), new(new StudentCopula(), -0.3, 2.5),
        new(new Clayton(), 0.5), new(new Clayton(), 2), new(new Gumbel(), 1.5), new(new Gumbel(), 2), new(new Frank(), 1), new(new Frank(), 5),
        new(new Joe(), 1.3), new(new Joe(), 2), new(new BB1(), 0.5, 1.5), new(new BB7(), 1.5, 1),
    ];

    public static TheoryData<Case> Cases => [.. All];

    // Known E[ln c], nats, of copulas whose integral is known or was computed by two other programs.
    public static TheoryData<Case, double> Entropies => new()
    {
        { new(new Clayton(), 1), .193147 }, { new(new Clayton(), 2), .431946 }, { new(new Gumbel(), 1.5), .166009 }, { new(new Gumbel(), 2), .375389 }, { new(new Frank(), 5), .257951 },
        { new(new GaussianCopula(), .7), .336672 }, { new(new StudentCopula(), .5, 4), .169484 }, { new(new Joe(), 2), .234493 }, { new(new BB1(), .5, 1.5), .321876 }, { new(new BB7(), 1.5, 1), .291115 },
    };

    [Theory, MemberData(nameof(Entropies))]
    public void The_expected_log_density_is_the_known_one_and_the_density_integrates_to_1(Case one, double known)
    {
        var (mass, mean) = Integrals(one.Turned());
        Assert.Equal(1, mass, tolerance: 1e-6);
        Assert.Equal(known, mean, tolerance: 1e-5);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Each_density_integrates_to_1_in_each_rotation(Case one)
    {
        foreach (int rotation in Rotations) Assert.Equal(1, Integrals(one.Turned(rotation), nodes: 120).Mass, tolerance: 1e-4);
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_h_functions_are_slopes_of_the_distribution_function_and_their_inverses_undo_them(Case one)
    {
        manual_seed(1);
        var x = rand(200, 2, dtype: float64) * 0.96 + 0.02;
        const double Step = 1e-5;
        foreach (int rotation in Rotations)
        {
            var copula = one.Turned(rotation);
            Tensor Moved(int column, double by)
            {
                var moved = x.clone();
                moved.select(1, column).add_(by);
                return copula.Cdf(moved);
            }
            Expect.Near((Moved(1, Step) - Moved(1, -Step)) / (2 * Step), copula.GivenSecond(x), 2e-6, $"h(u | v), turned by {rotation}");
            Expect.Near((Moved(0, Step) - Moved(0, -Step)) / (2 * Step), copula.GivenFirst(x), 2e-6, $"h(v | u), turned by {rotation}");
            Expect.Near(copula.InverseGivenSecond(copula.GivenSecond(x), x.select(1, 1)), x.select(1, 0), 1e-8, $"the inverse of h(u | v), turned by {rotation}");
            Expect.Near(copula.InverseGivenFirst(copula.GivenFirst(x), x.select(1, 0)), x.select(1, 1), 1e-8, $"the inverse of h(v | u), turned by {rotation}");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_density_is_the_slope_of_the_h_function_and_gradients_are_finite_differences(Case one)
    {
        manual_seed(2);
        var (u, v) = ((rand(100, dtype: float64) * 0.9 + 0.05).requires_grad_(), rand(100, dtype: float64) * 0.9 + 0.05);
        Tensor[] theta = [.. one.Theta.Select(value => tensor(value, dtype: float64).requires_grad_())];
        one.Family.Given(u, v, theta).sum().backward();
        Expect.Near(u.grad!.log(), one.Family.LogDensity(u.detach(), v, theta).detach(), 1e-7, "ln of the slope of h");

        for (int i = 0; i < theta.Length; i++)
        {
            if (one.Family.Parameters[i].Low == one.Theta[i]) continue;
            double step = 1e-5 * Math.Max(1, Math.Abs(one.Theta[i]));
            Tensor At(double by) => one.Family.LogDensity(u.detach(), v, [.. one.Theta.Select((value, k) => tensor(k == i ? value + by : value, dtype: float64))]);
            double slope = ((At(step) - At(-step)) / (2 * step)).sum().ToDouble();
            theta[i].grad?.zero_();
            one.Family.LogDensity(u.detach(), v, theta).sum().backward();
            Assert.Equal(slope, theta[i].grad!.ToDouble(), tolerance: 1e-4 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Draws_have_uniform_margins_and_the_stated_tau(Case one)
    {
        const int Count = 2000;
        foreach (int rotation in Rotations)
        {
            manual_seed(rotation + 3);
            var copula = one.Turned(rotation);
            var x = copula.Sample(Count);
            for (int i = 0; i < 2; i++) Assert.InRange(Kolmogorov.Tail(Kolmogorov.Statistic(x.select(1, i), p => p)), 1e-4, 1);

            // Kendall's tau of the draws; the projection of one draw gives its standard error.
            var (u, v) = (x.select(1, 0), x.select(1, 1));
            var concordant = ((u.unsqueeze(1) - u.unsqueeze(0)).sign() * (v.unsqueeze(1) - v.unsqueeze(0)).sign()).sum(1) / (Count - 1);
            double error = 2 * concordant.std().ToDouble() / Math.Sqrt(Count);
            Assert.InRange(concordant.mean().ToDouble() - copula.Tau, -4 * error, 4 * error);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Tails_depend_as_stated(Case one)
    {
        var stated = one.Family.TailDependence(one.Theta);
        double q = one.Family is GaussianCopula ? 1e-30 : 1e-8;            // the normal law's tails separate slowly
        var at = tensor(new[] { q });
        Assert.Equal(stated.Lower, (one.Family.Cdf(at, at, Theta(one)) / q).ToDouble(), tolerance: 0.02);

        // Above, P(U > q | V > q) = 2 - (1 - C(q, q)) / (1 - q) to first order; 1 - q is exact down to 1e-8.
        const double Gap = 1e-6;
        var near = tensor(new[] { 1 - Gap });
        double upper = 2 - ((1 - one.Family.Cdf(near, near, Theta(one))) / Gap).ToDouble();
        Assert.Equal(stated.Upper, upper, tolerance: one.Family is GaussianCopula ? 0.06 : 0.02);
    }

    [Theory]
    [InlineData("Clayton", 1, .5, 0), InlineData("Clayton", 2, .707107, 0), InlineData("Clayton", 3, .793701, 0)]
    [InlineData("Gumbel", 1.5, 0, .412599), InlineData("Gumbel", 2, 0, .585786), InlineData("Gumbel", 3, 0, .740079)]
    public void Known_tail_dependence(string family, double theta, double lower, double upper)
    {
        var tails = (family == "Clayton" ? new Clayton() : (PairFamily)new Gumbel()).TailDependence(theta);
        Assert.Equal(lower, tails.Lower, tolerance: 1e-6);
        Assert.Equal(upper, tails.Upper, tolerance: 1e-6);
    }

    [Theory]
    [InlineData(3, .5, .3125), InlineData(4, .5, .253170), InlineData(4, .7, .390684)]
    public void Known_tail_dependence_of_students(double nu, double rho, double known)
    {
        var (lower, upper) = new StudentCopula().TailDependence(rho, nu);
        Assert.Equal(known, lower, tolerance: 1e-6);
        Assert.Equal(lower, upper);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Corners_are_finite(Case one)
    {
        double[] edge = [1e-12, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-12];
        var u = tensor(edge).repeat_interleave(edge.Length);
        var v = tensor(edge).repeat(edge.Length);
        foreach (int rotation in Rotations)
        {
            var copula = one.Turned(rotation);
            var x = stack([u, v], dim: 1);
            foreach (var value in new[] { copula.LogProb(x), copula.Cdf(x), copula.GivenFirst(x), copula.GivenSecond(x), copula.InverseGivenFirst(u, v), copula.InverseGivenSecond(u, v) })
                Assert.True(value.isfinite().all().ToBoolean(), $"turned by {rotation}: {value.npstr()}");
            Assert.True(copula.Cdf(x).ge(0).logical_and(copula.Cdf(x).le(minimum(u, v) + 1e-15)).all().ToBoolean());
        }
    }

    // Against values of the formulas in 60 digits.
    [Theory]
    [InlineData("BB7", 0.9, 20, 1.0, 0.896, 0.52), InlineData("BB7", 0.99, 10, 1.0, 0.9893, 0.54), InlineData("BB7", 0.999, 6, 1.0, 0.9989, 0.56)]
    [InlineData("Frank", 0.5, 200, null, 0.49653, null), InlineData("Frank", 0.9, 40, null, 0.88290, null)]
    public void Strong_members_keep_their_digits_in_the_corners(string family, double u, double theta, double? delta, double cdf, double? given)
    {
        PairFamily of = family == "BB7" ? new BB7() : new Frank();
        Tensor[] parameters = delta is { } d ? [tensor(theta), tensor(d)] : [tensor(theta)];
        var at = tensor(new[] { u });
        Assert.Equal(cdf, of.Cdf(at, at, parameters).ToDouble(), tolerance: 6e-4);
        if (given is { } h) Assert.Equal(h, of.Given(at, at, parameters).ToDouble(), tolerance: 6e-3);
        // The slope of h is the density, here too.
        const double Step = 1e-7;
        double slope = ((of.Given(at + Step, at, parameters) - of.Given(at - Step, at, parameters)) / (2 * Step)).ToDouble();
        Assert.Equal(1, of.LogDensity(at, at, parameters).exp().ToDouble() / slope, tolerance: 1e-3);
    }

    [Fact]
    public void Students_with_one_degree_of_freedom_are_finite_at_the_edge()
    {
        var copula = new PairCopula(new StudentCopula(), 0.5, 1);
        copula.to(float64);
        var x = tensor(new[,] { { 0.0, 0.5 }, { 1e-300, 1e-300 }, { 1e-300, 0.3 }, { 0.5, 0.5 } });
        Assert.True(copula.LogProb(x).isfinite().all().ToBoolean());
        // Far out, V = 0 has the rank of a Student number of two degrees at -rho / sqrt((1 - rho²) / 2).
        double z = 0.5 / Math.Sqrt(0.75 / 2);
        Assert.Equal(0.5 + z / (2 * Math.Sqrt(2 + z * z)), copula.GivenFirst(tensor(new[,] { { 0.0, 0.5 } })).ToDouble(), tolerance: 1e-9);
    }

    [Fact]
    public void Single_precision_draws_stay_inside_the_square()
    {
        manual_seed(7);
        var draws = new PairCopula(new Gumbel(), 2.0).Sample(2_000_000);
        Assert.True(draws.max().ToSingle() < 1 && draws.min().ToSingle() > 0);
        Assert.True(draws.max().ToSingle() > 1 - 1e-6f);
    }

    [Fact]
    public void Limits_at_the_ends_of_the_ranges_are_the_members_there()
    {
        manual_seed(5);
        var (u, v) = (rand(100, dtype: float64), rand(100, dtype: float64));
        Tensor Of(PairFamily family, params double[] theta) => family.LogDensity(u, v, [.. theta.Select(value => tensor(value, dtype: float64))]);
        var none = zeros(100, dtype: float64);
        Expect.Near(Of(new Clayton(), 0), none, 1e-8, "Clayton at 0");
        Expect.Near(Of(new Frank(), 0), none, 1e-6, "Frank at 0");
        Expect.Near(Of(new Gumbel(), 1), none, 1e-12, "Gumbel at 1");
        Expect.Near(Of(new Joe(), 1), none, 1e-12, "Joe at 1");
        Expect.Near(Of(new BB1(), 2, 1), Of(new Clayton(), 2), 1e-9, "BB1 at delta = 1");
        Expect.Near(Of(new BB1(), 0, 2), Of(new Gumbel(), 2), 1e-4, "BB1 at theta = 0");
        Expect.Near(Of(new BB7(), 1, 2), Of(new Clayton(), 2), 1e-9, "BB7 at theta = 1");
        Expect.Near(Of(new BB7(), 2, 0), Of(new Joe(), 2), 1e-4, "BB7 at delta = 0");
        Expect.Near(Of(new StudentCopula(), 0.6, 1e6), Of(new GaussianCopula(), 0.6), 1e-3, "Student at large nu");
    }

    [Theory]
    [InlineData(-0.5), InlineData(0), InlineData(0.3), InlineData(0.8)]
    public void A_tau_leads_back_to_its_parameter(double tau)
    {
        foreach (var family in new PairFamily[] { new GaussianCopula(), new Clayton(), new Gumbel(), new Frank(), new Joe() })
        {
            double reached = family.Tau(family.FromTau(tau));
            Assert.Equal(family is GaussianCopula ? tau : Math.Max(0, tau), reached, tolerance: 1e-6);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("theta", () => new PairCopula(new Clayton(), -1.0));
        Assert.Throws<ArgumentException>("theta", () => new PairCopula(new Clayton(), double.NaN));
        Assert.Throws<ArgumentException>("theta", () => new PairCopula(new StudentCopula(), 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("Rotation", () => new PairCopula(new Clayton(), 1.0) { Rotation = 45 });
        Assert.Throws<ArgumentNullException>("family", () => new PairCopula(null!, 1.0));
        Assert.Throws<ArgumentOutOfRangeException>("tau", () => new Clayton().FromTau(1));
        Assert.Throws<NotSupportedException>(() => new BB1().FromTau(0.5));
        Assert.Throws<ArgumentException>("theta", () => new Clayton().Tau(double.NaN));
        Assert.Throws<ArgumentException>("theta", () => new Clayton().LogDensity(rand(3), rand(3)));
        Assert.Throws<ArgumentException>("u", () => new Clayton().LogDensity(tensor(0.5), tensor(0.5), tensor(1.0)));
        Assert.True(new PairCopula(new Clayton(), 2.0).LogProb(tensor(new[,] { { 1.5f, 0.5f } })).ToSingle() == float.NegativeInfinity);
        Assert.True(new PairCopula(new Clayton(), 2.0).LogProb(tensor(new[,] { { float.NaN, 0.5f } })).isnan().ToBoolean());
    }

    [Fact]
    public void Two_families_of_one_kind_are_equal()
    {
        Assert.All(All, one => Assert.Equal(one.Family, (PairFamily)Activator.CreateInstance(one.Family.GetType())!));
        Assert.NotEqual<PairFamily>(new Clayton(), new Joe());
    }

    private static Tensor[] Theta(Case one) => [.. one.Theta.Select(value => tensor(value, dtype: float64))];

    // On normal scores, where densities are smooth and fall off, the trapezoidal rule converges faster than any power of its step.
    private static (double Mass, double Mean) Integrals(PairCopula copula, int nodes = 320)
    {
        const double Far = 8.2;
        var x = linspace(-Far, Far, nodes, dtype: float64);
        var u = special.ndtr(x);
        var log = x.square() / -2 - Math.Log(2 * Math.PI) / 2 + Math.Log(2 * Far / (nodes - 1));
        double mass = 0, mean = 0;
        foreach (var (some, logSome) in u.split(32).Zip(log.split(32)))
        {
            using var scope = NewDisposeScope();
            var logC = copula.LogProb(stack([some.unsqueeze(1).expand(-1, nodes), u.expand(some.size(0), -1)], dim: 2).flatten(0, 1));
            var weight = (logC + (logSome.unsqueeze(1) + log).flatten()).exp();
            mass += weight.sum().ToDouble();
            mean += (weight * logC).sum().ToDouble();
        }
        return (mass, mean);
    }
}
