namespace FlowKit.Copulas;

/// <summary>The tail index alpha of a power law, P(X > x) ~ x^-alpha: one over the mean of ln(x_i / x_k+1) over the k largest (Hill 1975).</summary>
/// <remarks>A Pareto tail has xi = 1 / alpha. The standard error is alpha / √k, of independent draws; the bias grows with k.</remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var x = rand(100_000, dtype: float64).pow(-0.5);                  // P(X > x) = x^-2
/// var alpha = HillEstimator.OfShare(x, 0.01);
/// Console.WriteLine(Math.Abs(alpha.Mean - 2) &lt; 4 * alpha.StandardError);    // => True
/// </code></example>
public static class HillEstimator
{
    /// <summary>alpha of the upper tail, from the k largest; for the lower tail, give -x.</summary>
    /// <param name="x">(N) or (N, 1), finite.</param>
    /// <param name="k">In 2..N - 1; the next largest number is above 0.</param>
    /// <exception cref="ArgumentException">x or k is not such, or all of the largest are the same.</exception>
    public static Estimate Of(Tensor x, int k)
    {
        Guard.Number(x);
        if (x.Dimensions == 2 && x.size(1) == 1) x = x.select(1, 0);
        if (x.Dimensions != 1) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected a column, (N) or (N, 1).", nameof(x));
        Guard.Finite(x);
        if (k < 2 || k >= x.size(0)) throw new ArgumentOutOfRangeException(nameof(k), k, $"Expected 2 to N - 1 = {x.size(0) - 1}.");
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var largest = x.detach().to(float64).cpu().topk(k + 1, 0, largest: true, sorted: true).values;
        double threshold = largest[k].ToDouble();
        if (!(threshold > 0)) throw new ArgumentException($"The number beyond which the {k} largest of x lie is {threshold}; a power law needs one above 0.", nameof(x));
        double xi = (largest.narrow(0, 0, k) / threshold).log().mean().ToDouble();
        return xi > 0 ? new(1 / xi, 1 / xi / Math.Sqrt(k), k) : throw new ArgumentException($"The {k + 1} largest numbers of x are the same; a tail has different ones.", nameof(x));
    }

    /// <summary>alpha of the upper tail, from that share of the numbers.</summary>
    /// <param name="x">(N) or (N, 1), finite.</param>
    /// <param name="share">In (0, 1), of at least 2 and at most N - 1 numbers.</param>
    /// <exception cref="ArgumentException">x or the share is not such.</exception>
    public static Estimate OfShare(Tensor x, double share)
    {
        Guard.Number(x);
        if (!(share is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "Expected a share in (0, 1).");
        int k = (int)Math.Round(share * x.numel());
        return k >= 2 && k < x.numel() ? Of(x, k) : throw new ArgumentOutOfRangeException(nameof(share), share, $"Expected a share of 2 to N - 1 numbers; it is one of {k} of {x.numel()}.");
    }
}
