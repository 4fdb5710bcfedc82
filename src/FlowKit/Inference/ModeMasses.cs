using FlowKit.Integration;

namespace FlowKit.Inference;

/// <summary>How the mass of draws, or of a density, is shared among modes: every point belongs to the nearest of several centers. What a fit by reverse KL has to be asked, since it may drop modes and still score well.</summary>
/// <remarks>Nearest is largest in x·m on a sphere, and in the sum of cos(x_j - m_j) on a torus; these are the distances in the plane or space that the circles and spheres lie in.</remarks>
/// <example><code>
/// manual_seed(0);
/// var target = TorusEnergy.Multimodal;
/// var draws = ModeMasses.OnTorus(target.Sample(10_000), target.Means);
/// Console.WriteLine(string.Join(", ", draws.Masses.Select(mass => $"{mass:F1}")));                // => 0.3, 0.3, 0.3
/// Console.WriteLine(draws.Dropped().Count);                                                       // => 0
///
/// var one = ModeMasses.OnTorus(TorusEnergy.Unimodal.Sample(10_000) * 0 + 0.2, target.Means);      // all at one place
/// Console.WriteLine(string.Join(", ", one.Dropped()));                                            // => 0, 2
/// </code></example>
public sealed class ModeMasses
{
    private const double Sure = 4;                    // standard errors

    private ModeMasses(double[] masses, long? draws)
    {
        (Masses, Draws) = (masses, draws);
        StandardErrors = [.. masses.Select(mass => draws is { } n ? Math.Sqrt(mass * (1 - mass) / n) : 0)];
    }

    /// <summary>The share of each center, in the order of the centers; they add up to 1.</summary>
    public IReadOnlyList<double> Masses { get; }

    /// <summary>sqrt(m (1 - m) / N) for a share m of N independent draws; 0 for a density.</summary>
    public IReadOnlyList<double> StandardErrors { get; }

    /// <summary>N; null for a density.</summary>
    public long? Draws { get; }

    /// <summary>Of draws on a sphere.</summary>
    /// <param name="draws">(N, D), N >= 1, finite.</param>
    /// <param name="means">The centers, (K, D).</param>
    /// <exception cref="ArgumentException">The two do not fit, or hold numbers that are not finite.</exception>
    public static ModeMasses OnSphere(Tensor draws, Tensor means) => Of(draws, means, x => x);

    /// <summary>Of draws on a torus.</summary>
    /// <param name="draws">Angles, (N, D), N >= 1, finite, of any turn.</param>
    /// <param name="means">The centers, (K, D).</param>
    /// <inheritdoc cref="OnSphere(Tensor, Tensor)"/>
    public static ModeMasses OnTorus(Tensor draws, Tensor means) => Of(draws, means, Circles);

    /// <summary>Of a density on a sphere.</summary>
    /// <remarks>The regions have edges, so that the error falls in proportion to the spacing of the points: 64 heights on S² give three digits.</remarks>
    /// <param name="logDensity">(N, D) to (N); it may be unnormalized.</param>
    /// <param name="rule">Over the sphere; it gives points in float64.</param>
    /// <param name="means">The centers, (K, D).</param>
    /// <exception cref="ArgumentException">The rule's points and the centers do not fit, or the density has no mass, or infinite or NaN values.</exception>
    public static ModeMasses OnSphere(Func<Tensor, Tensor> logDensity, QuadratureRule rule, Tensor means) => Of(logDensity, rule, means, x => x);

    /// <summary>Of a density on a torus.</summary>
    /// <param name="logDensity">(N, D) to (N); it may be unnormalized.</param>
    /// <param name="rule">Over the torus; it gives points in float64.</param>
    /// <param name="means">The centers, (K, D).</param>
    /// <inheritdoc cref="OnSphere(Func{Tensor, Tensor}, QuadratureRule, Tensor)"/>
    public static ModeMasses OnTorus(Func<Tensor, Tensor> logDensity, QuadratureRule rule, Tensor means) => Of(logDensity, rule, means, Circles);

    /// <summary>The numbers, from 0, of the modes that are missing: those whose mass is below a share of what it should be, by four standard errors where there are draws.</summary>
    /// <param name="expected">The masses that should be, K numbers >= 0; null for 1 / K each.</param>
    /// <param name="share">In (0, 1].</param>
    /// <exception cref="ArgumentException">There are not K expected masses.</exception>
    public IReadOnlyList<int> Dropped(IReadOnlyList<double>? expected = null, double share = 0.25)
    {
        if (!(share is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "Expected a number in (0, 1].");
        if (expected is not null && expected.Count != Masses.Count) throw new ArgumentException($"expected holds {expected.Count} masses for {Masses.Count} modes.", nameof(expected));
        return [.. Enumerable.Range(0, Masses.Count).Where(k => Most(Masses[k]) < share * (expected?[k] ?? 1.0 / Masses.Count))];

        double Most(double mass) => Draws is { } n ? mass + Sure * Math.Sqrt(Math.Max(mass, 1.0 / n) / n) : mass;     // no draw in n is no proof of 0
    }

    /// <summary>The masses with three digits.</summary>
    public override string ToString() => string.Join(", ", Masses.Select(mass => mass.ToString("F3", System.Globalization.CultureInfo.InvariantCulture)));

    private static ModeMasses Of(Tensor draws, Tensor means, Func<Tensor, Tensor> embedding)
    {
        Guard.Number(draws);
        Check(means);
        if (draws.Dimensions != 2 || draws.size(0) == 0 || draws.size(1) != means.size(1) || !draws.is_floating_point())
            throw new ArgumentException($"draws is {Guard.Name(draws.dtype)} of shape {Guard.Describe(draws)}; expected real numbers of shape (N, {means.size(1)}) with N >= 1, as means has shape {Guard.Describe(means)}.", nameof(draws));
        Guard.Finite(draws);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        long[] counts = [.. Nearest(draws, means, embedding).bincount(null, means.size(0)).cpu().data<long>()];
        return new([.. counts.Select(count => (double)count / draws.size(0))], draws.size(0));
    }

    private static ModeMasses Of(Func<Tensor, Tensor> logDensity, QuadratureRule rule, Tensor means, Func<Tensor, Tensor> embedding)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentNullException.ThrowIfNull(rule);
        Check(means);
        if (rule.Dimensions != means.size(1)) throw new ArgumentException($"means has shape {Guard.Describe(means)}; expected (K, {rule.Dimensions}), as the rule's points have {rule.Dimensions} coordinates.", nameof(means));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double[] logP = rule.Evaluate(logDensity), nearest = rule.Evaluate(x => Nearest(x, means, embedding).to(float64));
        double[] weights = [.. rule.Weights().data<double>()], masses = new double[means.size(0)];
        double top = logP.Max();
        for (int i = 0; i < logP.Length; i++) masses[(int)nearest[i]] += weights[i] * Math.Exp(logP[i] - top);
        double total = masses.Sum();
        return total > 0 && double.IsFinite(total)
            ? new([.. masses.Select(mass => mass / total)], draws: null)
            : throw new ArgumentException($"The mass of exp(logDensity) is {total} times its largest value, exp({top}); expected a density.", nameof(logDensity));
    }

    private static void Check(Tensor means)
    {
        Guard.Number(means);
        if (means.Dimensions != 2 || means.numel() == 0 || !means.is_floating_point())
            throw new ArgumentException($"means is {Guard.Name(means.dtype)} of shape {Guard.Describe(means)}; expected real numbers of shape (K, D) with K >= 1.", nameof(means));
        Guard.Finite(means);
    }

    // The number of the center with the largest product, (N).
    private static Tensor Nearest(Tensor x, Tensor means, Func<Tensor, Tensor> embedding) => embedding(x).mm(embedding(means.to(x.dtype, x.device)).t()).argmax(1);

    private static Tensor Circles(Tensor x) => cat([x.cos(), x.sin()], dim: 1);
}
