namespace FlowKit.Inference;

/// <summary>How Markov chains run: <see cref="HamiltonianMonteCarlo"/> and <see cref="Metropolis"/>.</summary>
/// <remarks>
/// During the warm-up the step is adapted: its logarithm moves in proportion to the mean acceptance, over all chains, minus the one aimed at, with weights t^-0.6 (Robbins, Monro 1951), and what it was on average over the second half
/// of the warm-up is kept. After that nothing adapts, so that the draws are of an exact chain.
/// </remarks>
/// <example><code>
/// var options = new ChainOptions { WarmUp = 200, Draws = 100, Thin = 5, IsTorus = true };
/// Console.WriteLine($"{options.WarmUp + options.Draws * options.Thin} transitions");  // => 700 transitions
/// </code></example>
public sealed record ChainOptions
{
    /// <summary>The step to begin with, finite and > 0: of the leapfrog rule, or the standard deviation of a random walk.</summary>
    public double Step { get; init; } = 0.1;

    /// <summary>Transitions whose draws are thrown away, >= 0.</summary>
    public int WarmUp { get; init; } = 500;

    /// <summary>Draws that each chain keeps, >= 1.</summary>
    public int Draws { get; init; } = 500;

    /// <summary>Transitions for each draw that is kept, >= 1.</summary>
    public int Thin { get; init; } = 1;

    /// <summary>Whether coordinates are angles, which are taken modulo 2 pi. Wrapping preserves volume, so that the chain stays exact; the density must agree at 0 and 2 pi.</summary>
    public bool IsTorus { get; init; }

    /// <summary>The mean acceptance that the warm-up adapts the step to, in (0, 1); null for 0.8 of Hamiltonian chains and 0.234 of random walks; 0 to leave the step as it is.</summary>
    public double? TargetAcceptance { get; init; }

    internal void Check()
    {
        Require(Step > 0 && double.IsFinite(Step), Step, nameof(Step), "a finite number > 0");
        Require(WarmUp >= 0, WarmUp, nameof(WarmUp), "a number >= 0");
        Require(Draws >= 1, Draws, nameof(Draws), "a number >= 1");
        Require(Thin >= 1, Thin, nameof(Thin), "a number >= 1");
        Require(TargetAcceptance is null or (>= 0 and < 1), TargetAcceptance!, nameof(TargetAcceptance), "a number in [0, 1)");

        static void Require(bool holds, object value, string name, string expected)
        {
            if (!holds) throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
        }
    }
}
