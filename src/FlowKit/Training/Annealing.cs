namespace FlowKit.Training;

/// <summary>A weight that rises linearly from a first value to 1 over the first part of a training, and stays there: beta = min(1, From + (1 - From) t / Until).</summary>
/// <remarks>
/// As a factor on log p(x, z) it keeps a variational law from collapsing onto a mode before it has found the others (Rezende, Mohamed 2015, arXiv:1505.05770, section 6, where
/// beta = min(1, 0.01 + step / 10000)); as a factor on a KL term it lets a decoder use its latents first (Sønderby et al. 2016, arXiv:1602.02282).
/// </remarks>
/// <param name="From">The weight at the start, in [0, 1].</param>
/// <param name="Until">The share of the training at which the weight reaches 1, in (0, 1].</param>
/// <example><code>
/// var warmUp = new Annealing(From: 0.01, Until: 0.5);
/// double[] progress = [0, 0.25, 0.5, 0.9];
/// Console.WriteLine(string.Join(", ", progress.Select(t => $"{warmUp.At(t):F3}")));  // => 0.010, 0.505, 1.000, 1.000
///
/// manual_seed(0);
/// var q = RealNvp.Create(features: 2, layers: 4, hidden: [32]);
/// Tensor Loss(double t) => Objectives.ReverseKl(q, x => new Banana().LogProb(x), draws: 64, targetWeight: warmUp.At(t));
/// Trainer.Fit(q, Loss, new() { Steps = 20, LearningRate = 1e-2 });
/// </code></example>
public sealed record Annealing(double From = 0, double Until = 0.5)
{
    /// <summary>The weight at the start, in [0, 1].</summary>
    public double From { get; init; } = From is >= 0 and <= 1 ? From : throw new ArgumentOutOfRangeException(nameof(From), From, "Expected a weight in [0, 1].");

    /// <summary>The share of the training at which the weight reaches 1, in (0, 1].</summary>
    public double Until { get; init; } = Until is > 0 and <= 1 ? Until : throw new ArgumentOutOfRangeException(nameof(Until), Until, "Expected a share in (0, 1].");

    /// <summary>The weight after that share of the training.</summary>
    /// <param name="progress">t, the share of the steps that is done, >= 0, as a loss of <see cref="Trainer"/> is given it.</param>
    public double At(double progress)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(progress);
        return Math.Min(1, From + (1 - From) * progress / Until);
    }
}
