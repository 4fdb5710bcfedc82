using FlowKit.Copulas;
using FlowKit.Laws;

namespace FlowKit.Tests;

/// <summary>Densities, draws and ranks of vines, against the multivariate normal law, quadrature and known expectations.</summary>
public class VineCopulaTests
{
    private static readonly string[] Shapes = ["path", "star", "general"];

    public static TheoryData<string> Structures => [.. Shapes];

    private static VineStructure Structure(string shape) => shape switch
    {
        "path" => VineStructure.DVine(3, 0, 4, 1, 2),
        "star" => VineStructure.CVine(3, 0, 4, 1, 2),
        _ => VineStructureTests.General,
    };

    // One family of each kind, turned in all ways.
    private static PairCopula Mixed(int index) => (index % 7) switch
    {
        0 => new(new Clayton(), 1.5),
        1 => new(new Gumbel(), 1.6) { Rotation = 90 },
        2 => new(new StudentCopula(), -0.4, 5),
        3 => new(new Frank(), 4) { Rotation = 270 },
        4 => new(new GaussianCopula(), 0.6),
        5 => new(new Joe(), 1.8) { Rotation = 180 },
        _ => new(new BB1(), 0.4, 1.3),
    };

    internal static VineCopula MixedVine(VineStructure structure)
    {
        int index = 0;
        var vine = new VineCopula(structure, [.. structure.Trees.Select(tree => tree.Select(_ => Mixed(index++)).ToArray())]);
        vine.to(float64);
        return vine;
    }

    // Path 0-1-2-3.
    internal static VineCopula Known(bool withFrank = true)
    {
        var vine = new VineCopula(VineStructure.DVine(0, 1, 2, 3),
        [
            [new PairCopula(new Clayton(), 2), new PairCopula(new Gumbel(), 2), new PairCopula(new GaussianCopula(), 0.7)],
            [new PairCopula(new Independence()), withFrank ? new PairCopula(new Frank(), 5) : new PairCopula(new Independence())],
            [new PairCopula(new Independence())],
        ]);
        vine.to(float64);
        return vine;
    }

    [Theory, MemberData(nameof(Structures))]
    public void Of_partial_correlations_it_is_the_multivariate_normal_copula(string shape)
    {
        var (vine, r) = Gaussian(Structure(shape));
        manual_seed(1);
        var q = randn(200, 5, dtype: float64).matmul(linalg.cholesky(r).mT);
        var exact = (q.matmul(linalg.inv(r) - eye(5, dtype: float64)) * q).sum(1) / -2 - linalg.slogdet(r).Item2 / 2;
        Expect.Near(vine.LogProb(special.ndtr(q)), exact, 1e-8, "The log-density");
    }

    [Theory]
    [InlineData("path", 3), InlineData("path", 3, 0, 4), InlineData("path", 1, 2), InlineData("path", 4, 1)]
    [InlineData("star", 2, 3), InlineData("star", 0, 1, 3), InlineData("general", 4), InlineData("general", 3, 4, 1, 2)]
    public void Draws_given_some_variables_follow_the_conditional_normal_law(string shape, params int[] known)
    {
        const int Count = 20_000;
        var (vine, r) = Gaussian(Structure(shape));
        manual_seed(2);
        double[] values = [.. known.Select((_, i) => 0.9 - 0.6 * i)];
        var at = special.ndtr(tensor(values, dtype: float64)).unsqueeze(0);
        var draws = vine.SampleGiven(Count, at, known);
        for (int i = 0; i < known.Length; i++) Expect.Near(draws.select(1, known[i]), at.select(1, i).expand(Count), 1e-15, "A known column");

        long[] k = [.. known.Select(one => (long)one)], rest = [.. Enumerable.Range(0, 5).Except(known).Select(one => (long)one)];
        Tensor Block(long[] rows, long[] columns) => r.index_select(0, tensor(rows)).index_select(1, tensor(columns));
        var gain = Block(rest, k).matmul(linalg.inv(Block(k, k)));
        var mean = gain.matmul(tensor(values, dtype: float64));
        var covariance = Block(rest, rest) - gain.matmul(Block(k, rest));
        var q = special.ndtri(draws.index_select(1, tensor(rest)));
        var sd = covariance.diagonal().sqrt();
        Expect.Near((q.mean([0]) - mean) / sd * Math.Sqrt(Count), zeros(rest.Length, dtype: float64), 4.5, "The mean, in standard errors");
        var centered = (q - mean) / sd;
        var correlation = covariance / sd.unsqueeze(0) / sd.unsqueeze(1);
        var errors = (centered.mT.matmul(centered) / Count - correlation) / ((1 + correlation.square()) / Count).sqrt();
        Expect.Near(errors, zeros_like(errors), 4.5, "The covariance, in standard errors");
    }

    [Fact]
    public void Three_variables_integrate_to_1_also_truncated()
    {
        foreach (var vine in new[]
        {
            new VineCopula(VineStructure.CVine(1, 0, 2), [[new PairCopula(new Frank(), 3.0), new PairCopula(new StudentCopula(), -0.4, 5)], [new PairCopula(new Gumbel(), 1.3) { Rotation = 90 }]]),
            new VineCopula(VineStructure.DVine(1, 0, 2).Truncate(1), [[new PairCopula(new GaussianCopula(), 0.6), new PairCopula(new Clayton(), 0.4) { Rotation = 180 }]]),
        })
        {
            const int Nodes = 45;
            const double Far = 6.4;
            var x = linspace(-Far, Far, Nodes, dtype: float64);
            var grid = cartesian_prod([x, x, x]);
            var logWeight = -grid.square().sum(1) / 2 + 3 * Math.Log(2 * Far / (Nodes - 1) / Math.Sqrt(2 * Math.PI));
            Assert.Equal(1, (vine.LogProb(special.ndtr(grid)) + logWeight).exp().sum().ToDouble(), tolerance: 1e-3);
        }
    }

    [Theory, MemberData(nameof(Structures))]
    public void Ranks_of_draws_are_uniform_and_independent(string shape)
    {
        const int Count = 1000;
        var vine = MixedVine(Structure(shape));
        manual_seed(3);
        var x = vine.Sample(Count);
        var (z, logDet) = vine.Rosenblatt.Forward(x);
        Expect.Near(logDet, vine.LogProb(x), 1e-10, "log|det| less the log-density");
        double error = Math.Sqrt(2 * (2.0 * Count + 5) / (9.0 * Count * (Count - 1)));
        for (int i = 0; i < 5; i++)
        {
            Assert.InRange(Kolmogorov.Tail(Kolmogorov.Statistic(x.select(1, i), p => p)), 1e-5, 1);
            Assert.InRange(Kolmogorov.Tail(Kolmogorov.Statistic(z.select(1, i), p => p)), 1e-5, 1);
            for (int j = 0; j < i; j++) Assert.InRange(Tau(z.select(1, i), z.select(1, j)) / error, -4, 4);
        }
        // That the ranks can fail: the draws themselves depend.
        Assert.True(Math.Abs(Tau(x.select(1, 3), x.select(1, 0))) > 8 * error || shape == "general");
    }

    [Theory, MemberData(nameof(Structures))]
    public void The_inverse_undoes_the_transform_and_so_does_it_truncated(string shape)
    {
        foreach (int trees in new[] { 4, 2, 1 })
        {
            var vine = MixedVine(Structure(shape)).Truncate(trees);
            manual_seed(4);
            var x = vine.Sample(100);
            var (z, logDet) = vine.Rosenblatt.Forward(x);
            var (back, backLogDet) = vine.Rosenblatt.Inverse(z);
            Expect.Near(back, x, 1e-8, "x");
            Expect.Near(backLogDet, -logDet, 1e-7, "The inverse log-det");
            var first = vine.Structure.Order[0];
            Expect.Near(z.select(1, first), x.select(1, first), 0, "The first variable of the order, its own rank");
        }
    }

    [Fact]
    public void A_flow_over_the_uniform_law_has_the_density_of_the_vine()
    {
        var vine = MixedVine(VineStructureTests.General);
        var flow = new Flow(vine.Rosenblatt, new FlowKit.Distributions.Uniform(zeros(5), ones(5)));
        flow.to(float64);
        manual_seed(5);
        var x = flow.Sample(50);
        Expect.Near(flow.LogProb(x), vine.LogProb(x), 1e-10, "The log-density");
        var elsewhere = x.clone();
        elsewhere[0, 2] = 1.5;
        elsewhere[1, 0] = -0.1;
        Assert.True(flow.LogProb(elsewhere).narrow(0, 0, 2).eq(double.NegativeInfinity).all().ToBoolean());
        Assert.True(vine.LogProb(elsewhere).narrow(0, 0, 2).eq(double.NegativeInfinity).all().ToBoolean());
        elsewhere[1, 1] = double.NaN;
        Assert.True(vine.LogProb(elsewhere)[1].isnan().ToBoolean());
        Assert.Equal(float32, vine.LogProb(x.to(float32)).dtype);
        Assert.Equal(float32, MixedVine(VineStructureTests.General).to(float32).Sample(2).dtype);
    }

    [Fact]
    public void Independent_everywhere_the_log_density_is_exactly_0_and_ranks_are_the_values()
    {
        var structure = VineStructureTests.General;
        var vine = new VineCopula(structure, [.. structure.Trees.Select(tree => tree.Select(_ => new PairCopula(new Independence())).ToArray())]);
        manual_seed(6);
        var x = rand(100, 5, dtype: float64);
        Assert.True(vine.LogProb(x).eq(0).all().ToBoolean());
        Assert.Equal(0, vine.LogLikelihood(x));
        Assert.Equal(0, vine.Bic(x));
        Expect.Near(vine.Rosenblatt.Forward(x).Z, x, 0, "Ranks");
    }

    [Fact]
    public void The_known_path_has_the_known_expectation()
    {
        const double Exact = .431946 + .375389 + .336672 + .257951;
        const int Count = 20_000;
        var vine = Known();
        manual_seed(7);
        var x = vine.Sample(Count);
        var logProb = vine.LogProb(x);
        double error = logProb.std().ToDouble() / Math.Sqrt(Count);
        Assert.InRange(logProb.mean().ToDouble() - Exact, -4 * error - 1e-6, 4 * error + 1e-6);
        double truncated = vine.Truncate(1).LogProb(x).mean().ToDouble();
        Assert.InRange(truncated - (Exact - .257951), -4 * error, 4 * error);
        Assert.Equal(4, vine.DegreesOfFreedom);
        Assert.Equal(-2 * logProb.sum().ToDouble() + 4 * Math.Log(Count), vine.Bic(x), tolerance: 1e-6);
        Assert.Equal(-2 * logProb.sum().ToDouble() + 8, vine.Aic(x), tolerance: 1e-6);
    }

    [Fact]
    public void Gradients_in_x_are_finite_differences()
    {
        var vine = MixedVine(VineStructureTests.General);
        manual_seed(8);
        var x = (rand(20, 5, dtype: float64) * 0.8 + 0.1).requires_grad_();
        var slope = autograd.grad([vine.LogProb(x).sum()], [x])[0];
        for (int i = 0; i < 5; i++)
        {
            var step = zeros(20, 5, dtype: float64);
            step.select(1, i).fill_(1e-6);
            var difference = (vine.LogProb(x.detach() + step) - vine.LogProb(x.detach() - step)) / 2e-6;
            Expect.Near(slope.select(1, i), difference, 1e-4, $"The slope in variable {i}");
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var vine = Known();
        Assert.Contains("Those of 2 that do: {0, 1} {1, 2} {2, 3}.", Assert.Throws<ArgumentException>("variables", () => vine.SampleGiven(3, full(1, 2, 0.5), 0, 3)).Message);
        Assert.Throws<ArgumentException>("variables", () => vine.SampleGiven(3, full(1, 2, 0.5), 0, 4));
        Assert.Throws<ArgumentException>("variables", () => vine.SampleGiven(3, full(1, 2, 0.5), 1, 1));
        Assert.Throws<ArgumentException>("known", () => vine.SampleGiven(3, full(1, 2, 0.5), 0));
        Assert.Throws<ArgumentException>("known", () => vine.SampleGiven(3, full(2, 1, 0.5), 0));
        Assert.Throws<ArgumentException>("known", () => vine.SampleGiven(3, full(1, 1, 1.0), 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => vine.SampleGiven(-1, full(1, 1, 0.5), 0));
        Assert.Throws<ArgumentException>("x", () => vine.LogProb(rand(3, 3)));
        Assert.Throws<ArgumentException>("copulas", () => new VineCopula(VineStructure.DVine(0, 1), []));
        Assert.Throws<ArgumentException>("copulas", () => new VineCopula(VineStructure.DVine(0, 1), [[]]));
        Assert.Throws<ArgumentNullException>("structure", () => new VineCopula(null!, []));
        Assert.Throws<ArgumentNullException>("vine", () => new RosenblattTransform(null!));
        Assert.Equal([4, 4], vine.SampleGiven(4, full(4, 1, 0.5)).shape);
    }

    private static (VineCopula Vine, Tensor Correlation) Gaussian(VineStructure structure)
    {
        manual_seed(9);
        var a = randn(5, 8, dtype: float64);
        var s = a.matmul(a.mT);
        var scale = s.diagonal().rsqrt();
        var r = s * scale.unsqueeze(0) * scale.unsqueeze(1);
        var vine = new VineCopula(structure, [.. structure.Trees.Select(tree => tree.Select(pair => new PairCopula(new GaussianCopula(), Partial(pair))).ToArray())]);
        vine.to(float64);
        return (vine, r);

        // The correlation of two variables given others, from the inverse of their joint correlation matrix.
        double Partial(VinePair pair)
        {
            long[] all = [pair.First, pair.Second, .. pair.Given];
            var p = linalg.inv(r.index_select(0, tensor(all)).index_select(1, tensor(all)));
            return (-p[0, 1] / (p[0, 0] * p[1, 1]).sqrt()).ToDouble();
        }
    }

    private static double Tau(Tensor u, Tensor v) => ((u.unsqueeze(1) - u).sign() * (v.unsqueeze(1) - v).sign()).sum().ToDouble() / (u.size(0) * (u.size(0) - 1.0));
}
