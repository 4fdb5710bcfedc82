namespace FlowKit.Distributions;

/// <summary>Mixtures of von Mises-Fisher laws on the sphere S^D, fitted by expectation and maximization (Banerjee, Dhillon, Ghosh, Sra 2005, JMLR 6, 1345-1382).</summary>
/// <remarks>
/// <para>Weights and mean directions are in closed form, and each concentration solves A(kappa) = mean resultant length by Newton's method, to the last digits. Every start takes random rows as centers and a few
/// iterations; the one with the highest likelihood is followed to its end. A bound on the concentrations keeps components from collapsing onto a few rows. Torch's random stream is neither used nor moved.</para>
/// <para>A mixture of given weights, means and concentrations is a <see cref="Mixture"/> of <see cref="VonMisesFisher"/> laws.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var truth = new Mixture([0.7, 0.3], new VonMisesFisher(tensor(new[] { 0.0, 0, 1 }), 20), new VonMisesFisher(tensor(new[] { 1.0, 0, 0 }), 100));
/// var x = truth.Sample(2000);
/// Mixture fitted = VonMisesFisherMixture.Fit(x, components: 2);
/// Console.WriteLine(Math.Abs((fitted.LogProb(x) - truth.LogProb(x)).mean().ToDouble()) &lt; 0.01);  // => True
/// </code></example>
public static class VonMisesFisherMixture
{
    private const double LeastMass = 1e-6;    // rows, of all data alike: a component that has lost its own becomes the law of the whole data, with next to no weight
    private const int Trial = 15;             // iterations of a start before the best is chosen

    /// <summary>The mixture of that many components with the highest likelihood found.</summary>
    /// <param name="data">Points of S^D, (N, D + 1) with D >= 1, of norm 1 within 1e-4.</param>
    /// <param name="components">K, 1 to N.</param>
    /// <param name="starts">From how many random starts, >= 1.</param>
    /// <param name="mostConcentrated">What no concentration exceeds, > 0: 1e4 is a standard deviation of 0.01 radians in each direction.</param>
    /// <param name="iterations">The most of them, >= 1; the fit ends before where the mean log-likelihood grows by less than 1e-7.</param>
    /// <param name="seed">Chooses the centers to start from.</param>
    /// <exception cref="ArgumentException">There are more components than rows or no rows, or a row is no point of the sphere.</exception>
    public static Mixture Fit(Tensor data, int components, int starts = 5, double mostConcentrated = 1e4, int iterations = 500, int seed = 0)
    {
        Guard.Number(data);
        if (data.Dimensions != 2 || data.size(0) == 0 || data.size(1) < 2)
            throw new ArgumentException($"data has shape {Guard.Describe(data)}; expected (N, D + 1) with N >= 1 and D >= 1.", nameof(data));
        Guard.Finite(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        if (!(mostConcentrated > 0 && double.IsFinite(mostConcentrated))) throw new ArgumentOutOfRangeException(nameof(mostConcentrated), mostConcentrated, "Expected a finite concentration > 0.");
        if (components > data.size(0))
            throw new ArgumentException($"{components} components for {data.size(0)} rows of data: expected no more components than rows.", nameof(components));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (x, random) = (SpherePoints.Project(data.detach().to(float64).cpu(), nameof(data)), new Random(seed));
        var (best, fitted) = (double.NegativeInfinity, default(State));
        for (int start = 0; start < starts; start++)
        {
            var (likelihood, state) = Climb(x, Maximize(x, Nearest(x, components, random), mostConcentrated), mostConcentrated, Math.Min(Trial, iterations));
            if (fitted is null || likelihood > best) (best, fitted) = (likelihood, state);
        }
        fitted = Climb(x, fitted!, mostConcentrated, Math.Max(0, iterations - Trial)).State;
        return new Mixture(fitted.Weights, fitted.Concentrations.Select((kappa, k) => new VonMisesFisher(fitted.Means[k], kappa)));
    }

    private sealed record State(double[] Weights, Tensor Means, double[] Concentrations);     // (K), (K, D + 1), (K)

    private static (double LogLikelihood, State State) Climb(Tensor x, State state, double most, int iterations)
    {
        double before = double.NegativeInfinity;
        for (int i = 0; ; i++)
        {
            using var scope = NewDisposeScope();
            var joint = LogJoint(x, state);                                   // (N, K)
            double likelihood = joint.logsumexp(1).mean().ToDouble();
            if (i == iterations || likelihood - before < 1e-7) return (likelihood, state);

            (before, state) = (likelihood, Maximize(x, joint.softmax(1), most));
            scope.MoveToOuter(state.Means);
        }
    }

    private static State Maximize(Tensor x, Tensor responsibilities, double most)
    {
        responsibilities = responsibilities + LeastMass / x.size(0);
        var mass = responsibilities.sum(dim: 0);                              // (K)
        var resultants = responsibilities.t().mm(x) / mass.unsqueeze(1);      // (K, D + 1)
        var lengths = resultants.norm(1, keepdim: true);
        var means = where(lengths.gt(0), resultants / lengths, SpherePoints.FirstAxis(x));
        double[] weights = (mass / mass.sum()).data<double>().ToArray();
        return new(weights, means, [.. lengths.data<double>().ToArray().Select(length => FisherIntegral.Concentration((int)x.size(1) - 1, 1 - length, most))]);
    }

    private static Tensor LogJoint(Tensor x, State state)
    {
        int dimension = (int)x.size(1) - 1;
        var kappas = tensor(state.Concentrations, dtype: float64, device: CPU);
        double[] peaks = [.. state.Concentrations.Select((kappa, k) => Math.Log(state.Weights[k]) - FisherIntegral.Log(dimension, kappa))];
        return (x.mm(state.Means.t()) - 1) * kappas + tensor(peaks, dtype: float64, device: CPU);
    }

    /// <summary>Each row given to the nearest of K different rows, (N, K).</summary>
    private static Tensor Nearest(Tensor x, int components, Random random)
    {
        long[] rows = [.. Enumerable.Range(0, (int)x.size(0)).Select(row => (long)row)];
        random.Shuffle(rows);
        var centers = x.index_select(0, tensor(rows[..components], dtype: int64, device: CPU));
        return nn.functional.one_hot(x.mm(centers.t()).argmax(1), components).to(float64);
    }
}
