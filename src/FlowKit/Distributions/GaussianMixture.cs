using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>Mixtures of normal laws with full covariances, fitted by expectation and maximization (Dempster, Laird, Rubin 1977).</summary>
/// <remarks>Every start takes random rows as centers and a few iterations; the one with the highest likelihood is followed to its end. A floor on the covariance keeps components from collapsing onto a few rows.
/// Torch's random stream is neither used nor moved.</remarks>
/// <example><code>
/// manual_seed(0);
/// var x = new GaussianRing(modes: 4, radius: 2, sd: 0.3).Sample(2000);
/// Mixture fitted = GaussianMixture.Fit(x, components: 4);
/// Console.WriteLine(Math.Abs(Trainer.NegativeLogLikelihood(fitted, x).Mean - new GaussianRing(modes: 4, radius: 2, sd: 0.3).Entropy) &lt; 0.05);  // => True
/// </code></example>
public static class GaussianMixture
{
    private const double LeastMass = 1e-6;    // rows, of all data alike: a component that has lost its own becomes the normal law of the whole data, with next to no weight
    private const int Trial = 15;             // iterations of a start before the best is chosen

    /// <summary>The mixture of that many components with the highest likelihood found.</summary>
    /// <param name="data">(N, D), finite, N >= 2.</param>
    /// <param name="components">K, 1 to N.</param>
    /// <param name="starts">From how many random starts, >= 1.</param>
    /// <param name="floor">Added to each component's covariance, as a share of every feature's variance in the data; > 0.</param>
    /// <param name="iterations">The most of them, >= 1; the fit ends before where the mean log-likelihood grows by less than 1e-6.</param>
    /// <param name="seed">Chooses the centers to start from.</param>
    /// <exception cref="ArgumentException">There are more components than rows, or fewer than two rows, a feature is constant, or a value is not finite.</exception>
    public static Mixture Fit(Tensor data, int components, int starts = 3, double floor = 1e-3, int iterations = 200, int seed = 0)
    {
        SecondMoments.Check(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        if (!(floor > 0 && double.IsFinite(floor))) throw new ArgumentOutOfRangeException(nameof(floor), floor, "Expected a finite floor > 0.");
        if (data.size(0) < 2) throw new ArgumentException($"data has shape {Guard.Describe(data)}; expected (N, D) with N >= 2: a single row has no spread.", nameof(data));
        if (components > data.size(0))
            throw new ArgumentException($"{components} components for {data.size(0)} rows of data: expected no more components than rows.", nameof(components));

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (x, random) = (data.detach().to(float64).cpu(), new Random(seed));
        var variances = SecondMoments.Of(x).Covariance.diagonal(0, 0, 1);
        var ridge = (variances * floor).diag();
        var (best, fitted) = (double.NegativeInfinity, default(State));
        for (int start = 0; start < starts; start++)
        {
            var (likelihood, state) = Climb(x, Maximize(x, Nearest(x / variances.sqrt(), components, random), ridge), ridge, Math.Min(Trial, iterations));
            if (fitted is null || likelihood > best) (best, fitted) = (likelihood, state);
        }
        fitted = Climb(x, fitted!, ridge, Math.Max(0, iterations - Trial)).State;
        double[] weights = fitted.LogWeights.exp().data<double>().ToArray();
        return new Mixture(weights, Enumerable.Range(0, components).Select(k => new MultivariateNormal(fitted.Means[k], fitted.Covariances[k])));
    }

    /// <summary>A mixture whose weights, means and covariances a network computes from the context: a mixture density network.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="components">K >= 1.</param>
    /// <param name="contextShape">C of the context (B, C), >= 1.</param>
    /// <param name="conditioner">Makes the network from (inputs, outputs): it reads the C features of the context and gives K (1 + 2 D + D (D - 1) / 2).</param>
    public static ConditionalGaussianMixture Conditional(long features, int components, Shape contextShape, Func<long, long, Conditioner> conditioner) => new(features, components, contextShape, conditioner);

    private sealed record State(Tensor LogWeights, Tensor Means, Tensor Covariances);     // (K), (K, D), (K, D, D)

    private static (double LogLikelihood, State State) Climb(Tensor x, State state, Tensor ridge, int iterations)
    {
        double before = double.NegativeInfinity;
        for (int i = 0; ; i++)
        {
            using var scope = NewDisposeScope();
            var joint = LogJoint(x, state);                                   // (N, K)
            double likelihood = joint.logsumexp(1).mean().ToDouble();
            if (i == iterations || likelihood - before < 1e-6) return (likelihood, state);

            (before, state) = (likelihood, Maximize(x, joint.softmax(1), ridge));
            scope.MoveToOuter(state.LogWeights, state.Means, state.Covariances);
        }
    }

    private static State Maximize(Tensor x, Tensor responsibilities, Tensor ridge)
    {
        responsibilities = responsibilities + LeastMass / x.size(0);
        var mass = responsibilities.sum(dim: 0);                              // (K)
        var means = responsibilities.t().mm(x) / mass.unsqueeze(1);
        var centered = x.unsqueeze(0) - means.unsqueeze(1);                   // (K, N, D)
        var covariances = (centered * (responsibilities.t() / mass.unsqueeze(1)).unsqueeze(2)).transpose(1, 2).bmm(centered) + ridge;
        return new((mass / mass.sum()).log(), means, (covariances + covariances.transpose(1, 2)) / 2);
    }

    private static Tensor LogJoint(Tensor x, State state)
    {
        var scale = linalg.cholesky(state.Covariances);                       // (K, D, D)
        var e = linalg.solve_triangular(scale, (x.unsqueeze(0) - state.Means.unsqueeze(1)).transpose(1, 2), upper: false);
        var logDet = scale.diagonal(0, 1, 2).log().sum(1);
        return (e.square().sum(1) * -0.5 - (logDet + x.size(1) / 2.0 * Math.Log(2 * Math.PI)).unsqueeze(1) + state.LogWeights.unsqueeze(1)).t();
    }

    /// <summary>Each row given to the nearest of K different rows, in standard deviations of the features, (N, K).</summary>
    private static Tensor Nearest(Tensor scaled, int components, Random random)
    {
        long[] rows = [.. Enumerable.Range(0, (int)scaled.size(0)).Select(row => (long)row)];
        random.Shuffle(rows);
        var centers = scaled.index_select(0, tensor(rows[..components], dtype: int64, device: CPU));
        var squares = scaled.square().sum(1, keepdim: true) - scaled.mm(centers.t()) * 2 + centers.square().sum(1);
        return nn.functional.one_hot(squares.argmin(1), components).to(float64);
    }
}
