namespace FlowKit.Distributions;

/// <summary>KL(p || q) = E_p[log p - log q] where it has a closed form.</summary>
/// <example><code>
/// var p = new StandardNormal(1);
/// var q = new Normal().Fixed(mean: full(1, 1.0), scale: full(1, 2.0));
/// Console.WriteLine(Kl.Divergence(p, q).npstr());  // => [0.44315]
/// Console.WriteLine(Kl.Divergence(q, p).npstr());  // => [1.3069]
/// manual_seed(0);
/// Console.WriteLine($"{Kl.MonteCarlo(p, q).Mean:F2}");  // => 0.44
/// </code></example>
public static class Kl
{
    /// <summary>KL(p || q) in nats, one a row of the context, (B), or (1) without a context. Gradients flow to both.</summary>
    /// <remarks>
    /// Known pairs: elements of one family (normal, Laplace, Beta, von Mises, Bernoulli, categorical), normal laws of any kind (standard, factorized, multivariate, a Gaussian copula with normal margins) in either place,
    /// uniform boxes (+inf unless the box of p lies inside that of q).
    /// </remarks>
    /// <param name="p">The law averaged over.</param>
    /// <param name="q">The other one.</param>
    /// <param name="context">For those of the two that are conditional.</param>
    /// <exception cref="ArgumentException">The two are of different events, or the context does not fit.</exception>
    /// <exception cref="NotSupportedException">No closed form is known.</exception>
    public static Tensor Divergence(Distribution p, Distribution q, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        if (!p.EventShape.Equals(q.EventShape))
            throw new ArgumentException($"p is of events {p.EventShape}, q of {q.EventShape}; expected the same.", nameof(q));
        long rows = Guard.Rows(context);
        Guard.Context(context, FlowModule.CommonContext(nameof(Divergence), p, q), rows, nameof(Divergence));

        using var scope = NewDisposeScope();
        var result = (p, q) switch
        {
            (Uniform a, Uniform b) => Boxes(a, b),
            _ when Member(p, rows, context) is { } a && Member(q, rows, context) is { } b && a.Family == b.Family =>
                a.Family.Divergence(a.Theta, b.Theta).flatten(1).sum(1),
            _ when MeanAndCholesky.Of(p, rows, context) is { } a && MeanAndCholesky.Of(q, rows, context) is { } b => a.Divergence(b),
            _ => throw NoClosedForm(Name(p), Name(q)),
        };
        return scope.MoveToOuter(result.expand(rows).clone());
    }

    /// <summary>KL(p || q) as the mean of log p(x) - log q(x) over draws x of p, in nats, with its standard error. Both are put in evaluation mode for the call.</summary>
    /// <remarks>Where q is close to p the two log-densities rise and fall together, so that the error is far smaller than that of either mean.</remarks>
    /// <param name="p">The law that is drawn from, and whose density is known.</param>
    /// <param name="q">The other one, on the same device.</param>
    /// <param name="draws">How many, at least 2.</param>
    /// <exception cref="ArgumentException">One is conditional, or the two are of different events.</exception>
    public static Estimate MonteCarlo(Distribution p, Distribution q, long draws = 400_000)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        foreach (var (one, name) in new[] { (p, nameof(p)), (q, nameof(q)) })
            if (one.ContextShape is { } context) throw new ArgumentException($"{name} takes a context of shape {context}; expected laws without one.", name);
        if (!p.EventShape.Equals(q.EventShape)) throw new ArgumentException($"p is of events {p.EventShape}, q of {q.EventShape}; expected the same.", nameof(q));

        using var first = new EvaluationMode(p);
        using var second = new EvaluationMode(q);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long done = 0; done < draws; done += Chunk)
        {
            using var part = NewDisposeScope();
            var x = p.Sample(Math.Min(Chunk, draws - done));
            parts.Add(part.MoveToOuter((p.LogProb(x) - q.LogProb(x)).to(float64)));
        }
        return Estimate.Of(cat(parts));
    }

    private const long Chunk = 10_000;

    internal static NotSupportedException NoClosedForm(string p, string q) => new(
        $"KL({p} || {q}) has no closed form here. Estimate it from draws of p: Objectives.ReverseKl(p, x => q.LogProb(x), draws).");

    /// <summary>An element's family and parameters, (rows or 1, P, ...); null for a distribution that is not of one family.</summary>
    internal static (Family Family, Tensor Theta)? Member(Distribution d, long rows, Tensor? context) => d switch
    {
        FamilyDistribution f => (f.Family, f.Theta(rows, f.ContextShape is not null ? context : null)),
        StandardNormal => (new Normal(), stack([d.Center(rows, null), d.Center(rows, null)], dim: 1)),
        _ => null,
    };

    private static Tensor Boxes(Uniform p, Uniform q)
    {
        var inside = p.Low.ge(q.Low).logical_and(p.High.le(q.High)).all();
        var logRatio = ((q.High - q.Low).log() - (p.High - p.Low).log()).sum();
        return logRatio.masked_fill(inside.logical_not(), double.PositiveInfinity).unsqueeze(0);
    }

    private static string Name(Distribution d) => d is FamilyDistribution f ? f.Family.GetType().Name : d.GetName();
}
