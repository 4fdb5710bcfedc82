using FlowKit.Distributions;

namespace FlowKit.Inference;

/// <summary>Draws of a conditional law for many observations at once, as the diagnostics of a posterior take them.</summary>
/// <example><code>
/// manual_seed(0);
/// var posterior = MultivariateNormal.Conditional(2, 3, (inputs, outputs) => new Mlp(inputs, outputs, [16]));
/// var observations = randn(100, 3);
/// Console.WriteLine(PosteriorDraws.Of(posterior, observations, draws: 50));  // => [100x50x2], type = Float32, device = cpu
/// </code></example>
public static class PosteriorDraws
{
    private const long Rows = 65_536;

    /// <summary>L draws of p(x | y) for each observation y, (N, L, EventShape...). The model is used in evaluation mode.</summary>
    /// <param name="posterior">p(x | y), with y as its context.</param>
    /// <param name="observations">y, (N, ...), one a row.</param>
    /// <param name="draws">L >= 1.</param>
    /// <param name="seed">Of the draws; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">The law takes no context, or one of another shape.</exception>
    public static Tensor Of(Distribution posterior, Tensor observations, int draws, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        Guard.Batch(observations, posterior.ContextShape ?? throw new ArgumentException($"{posterior.GetName()} takes no context; expected a law of x given an observation.", nameof(posterior)));
        using var mode = new EvaluationMode(posterior);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        using var stream = new BorrowedStream(seed);
        var parts = new List<Tensor>();
        for (long start = 0, rows = Math.Max(1, Rows / draws); start < observations.size(0); start += rows)
        {
            using var part = NewDisposeScope();
            var some = observations.narrow(0, start, Math.Min(rows, observations.size(0) - start));
            parts.Add(part.MoveToOuter(posterior.Sample(some.size(0) * draws, some.repeat_interleave(draws, 0)).view([some.size(0), draws, .. posterior.EventShape])));
        }
        return scope.MoveToOuter(parts.Count > 0 ? cat(parts, dim: 0) : posterior.Sample(0, observations).view([0, draws, .. posterior.EventShape]));
    }
}
