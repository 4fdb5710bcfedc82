namespace FlowKit.Inference;

/// <summary>What Markov chains that ran side by side have drawn, and whether they agree: means with standard errors, split R-hat and effective sample size of any quantity.</summary>
/// <remarks>Angles have no mean of their own: ask for functions of them, as cos(x). The quantities are f(x), (N, D) to (N).</remarks>
/// <example><code>
/// manual_seed(0);
/// var chains = Metropolis.Run(x => x.square().sum(1) * -0.5, start: zeros(100, 2), new() { WarmUp = 200, Draws = 400 });
/// Console.WriteLine($"{chains.Draws} {chains.Flat()}");                     // => [400x100x2], type = Float32, device = cpu [40000x2], type = Float32, device = cpu
/// Console.WriteLine($"{chains.RHat(x => x.select(1, 0)):F1}");              // => 1.0
/// var variance = chains.Mean(x => x.select(1, 0).square());
/// Console.WriteLine(Math.Abs(variance.Mean - 1) &lt; 4 * variance.StandardError);  // => True
/// </code></example>
public sealed class MarkovChains
{
    internal MarkovChains(Tensor draws, double acceptance, double step) => (Draws, Acceptance, Step) = (draws, acceptance, step);

    /// <summary>(S, B, D): S draws, one after the other, of B chains.</summary>
    public Tensor Draws { get; }

    /// <summary>The mean probability of acceptance after the warm-up.</summary>
    public double Acceptance { get; }

    /// <summary>The step after the warm-up.</summary>
    public double Step { get; }

    /// <summary>All draws, (S B, D).</summary>
    public Tensor Flat() => Draws.flatten(0, 1).clone();

    /// <summary>E[f(x)] and its standard error from the chains' means, which are independent of each other: however slowly a chain mixes, the error tells, provided that all have forgotten where they started.</summary>
    /// <param name="f">(N, D) to (N).</param>
    /// <exception cref="ArgumentException">f gives another shape.</exception>
    public Estimate Mean(Func<Tensor, Tensor> f)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return Estimate.Of(Values(f).mean([0]));
    }

    /// <summary>Split R-hat of f(x): the root of the variance over all halves of chains by the variance within them. Near 1 where the chains agree; above 1.01 they should run longer.</summary>
    /// <remarks>Gelman, Carlin, Stern, Dunson, Vehtari, Rubin 2013, Bayesian Data Analysis, section 11.4. NaN if f does not vary.</remarks>
    /// <param name="f">(N, D) to (N).</param>
    /// <exception cref="ArgumentException">f gives another shape.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than four draws a chain.</exception>
    public double RHat(Func<Tensor, Tensor> f)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (within, total) = Variances(Halves(f));
        return Math.Sqrt(total / within);
    }

    /// <summary>How many independent draws would give as good a mean of f(x) as all S B draws, by the chains' autocorrelations; at most S B log10(S B), as draws may also alternate.</summary>
    /// <remarks>S B / (1 + 2 sum of autocorrelations), the sum cut where pairs of them turn negative: Geyer 1992, Statistical Science 7, 473-483; combined over halves of chains as in Vehtari et al. 2021, arXiv:1903.08008, eq. 10 to 13.</remarks>
    /// <inheritdoc cref="RHat"/>
    public double EffectiveSampleSize(Func<Tensor, Tensor> f)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var x = Halves(f);
        var (within, total) = Variances(x);
        var centered = x - x.mean([0], keepdim: true);
        long n = x.size(0);
        double sum = 0, least = double.PositiveInfinity;
        for (long t = 0; t + 1 < n; t += 2)
        {
            double pair = Correlation(t) + Correlation(t + 1);
            if (!(pair > 0)) break;
            sum += least = Math.Min(least, pair);
        }
        return x.numel() / Math.Max(2 * sum - 1, 1 / Math.Log10(x.numel()));

        double Correlation(long lag)
        {
            using var one = NewDisposeScope();
            double covariance = (centered.narrow(0, lag, n - lag) * centered.narrow(0, 0, n - lag)).sum().ToDouble() / x.numel();
            return 1 - (within - covariance) / total;
        }
    }

    // Of halves (n, 2 B): the mean variance within them, and the variance of all.
    private static (double Within, double Total) Variances(Tensor x)
    {
        double n = x.size(0), within = x.var(0).mean().ToDouble();
        return (within, within * (n - 1) / n + x.mean([0]).var().ToDouble());
    }

    // Both halves of every chain, (S / 2, 2 B); of an odd number of draws the first is left out.
    private Tensor Halves(Func<Tensor, Tensor> f)
    {
        long half = Draws.size(0) / 2;
        if (half < 2) throw new InvalidOperationException($"There are {Draws.size(0)} draws a chain; at least 4 are needed.");
        var x = Values(f);
        return cat([x.narrow(0, x.size(0) - 2 * half, half), x.narrow(0, x.size(0) - half, half)], dim: 1);
    }

    // (S, B), float64.
    private Tensor Values(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        long all = Draws.size(0) * Draws.size(1);
        var values = Guard.Made(f(Draws.flatten(0, 1)), nameof(f));
        return values.Dimensions == 1 && values.size(0) == all
            ? values.to(float64).view(Draws.size(0), Draws.size(1))
            : throw new ArgumentException($"f gave shape {Guard.Describe(values)} for {all} points; expected ({all},).", nameof(f));
    }
}
