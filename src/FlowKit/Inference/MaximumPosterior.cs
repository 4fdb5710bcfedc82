using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Inference;

/// <summary>The most probable parameters given an observation, by climbing the posterior's density from its best draws.</summary>
/// <remarks>
/// Each observation has a climb of its own: a step is t S grad log q, with S the covariance of the posterior's draws (their variances, where there are no more than 2 D draws), which makes it nearly Newton's step for
/// a normal law. A step that lowers the density is not taken, and t is halved after it; otherwise t is doubled, up to 1. The result is a local maximum if there are several and no draw came near the highest. A density
/// with no maximum, as at an edge of its support, ends where it was last finite.
/// </remarks>
/// <example><code>
/// // For a normal posterior it is the mean.
/// manual_seed(0);
/// var posterior = MultivariateNormal.Conditional(2, 3, (inputs, outputs) => new Mlp(inputs, outputs, [16]));
/// var y = randn(500, 3);
/// Trainer.Fit(posterior, new Dataset(y.narrow(1, 0, 2) - y.narrow(1, 1, 2), y), options: new() { Steps = 20 });
/// var (x, logProb) = MaximumPosterior.Of(posterior, y[..4]);
/// Console.WriteLine(x);  // => [4x2], type = Float32, device = cpu
/// Console.WriteLine(logProb.allclose(-posterior.Entropy(y[..4]) + 1, atol: 1e-4));  // => True
/// </code></example>
public static class MaximumPosterior
{
    /// <summary>The maximum of log q(x | y) over x, (N, EventShape...), and its value, (N), in nats, for each observation. The model is used in evaluation mode and its parameters receive no gradients.</summary>
    /// <param name="posterior">q(x | y), with y as its context, differentiable in x.</param>
    /// <param name="observations">y, (N, ...), one a row.</param>
    /// <param name="draws">From how many draws of each posterior the best is taken to start from, >= 2.</param>
    /// <param name="steps">Of the climb, >= 0.</param>
    /// <param name="seed">Of the draws; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">The law takes no context, or one of another shape, its events are not real, or it has no gradient.</exception>
    public static (Tensor X, Tensor LogProb) Of(Distribution posterior, Tensor observations, int draws = 100, int steps = 200, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        using var mode = new EvaluationMode(posterior);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var all = PosteriorDraws.Of(posterior, observations, draws, seed);
        if (!all.is_floating_point()) throw new ArgumentException($"{posterior.GetName()} draws {Guard.Name(all.dtype)}; expected real parameters to climb in.", nameof(posterior));
        long n = all.size(0);
        var logProbs = posterior.LogProb(all.flatten(0, 1), observations.repeat_interleave(draws, 0)).view(n, draws);
        logProbs = logProbs.masked_fill(logProbs.isnan(), double.NegativeInfinity);
        var (best, row) = logProbs.max(1);
        var x = all.flatten(2).gather(1, row.view(n, 1, 1).expand(n, 1, all.flatten(2).size(2))).squeeze(1);             // (N, D)
        var spread = Spread(all.flatten(2));
        var length = ones_like(best);
        for (int step = 0; step < steps; step++)
        {
            using var call = NativeMemory.Enter();
            using var one = NewDisposeScope();
            var gradient = Score.Gradient(LogProb, x, nameof(posterior)).nan_to_num(0, 0, 0);
            var next = x + spread.matmul(gradient.unsqueeze(2)).squeeze(2) * length.unsqueeze(1);
            var value = LogProb(next);
            var taken = value >= best;                                        // where rounding makes them equal, x still comes nearer
            x.copy_(where(taken.unsqueeze(1), next, x));
            best.copy_(where(taken, value, best));
            length.copy_(where(taken, (length * 2).clamp_max(1), length / 2));
        }
        return scope.MoveToOuter(x.view([n, .. posterior.EventShape]).clone(), best);

        Tensor LogProb(Tensor at) => posterior.LogProb(at.view([n, .. posterior.EventShape]), observations);
    }

    // The covariances of the draws, (N, D, D); only their diagonals where there are too few draws for every direction.
    private static Tensor Spread(Tensor draws)
    {
        var centered = draws - draws.mean([1], keepdim: true);
        var covariance = centered.transpose(1, 2).bmm(centered) / (draws.size(1) - 1);
        return draws.size(1) > 2 * draws.size(2) ? covariance : covariance.diagonal(0, 1, 2).diag_embed(0, -2, -1);
    }
}
