using FlowKit.Distributions;

namespace FlowKit.Laws;

/// <summary>A distribution to be held against the laws: how to make it, and where its events live.</summary>
/// <param name="Name">As a report shows it.</param>
/// <param name="Make">A fresh, unconditional distribution of few dimensions. The laws shake its parameters, so that nothing is proved on a special case alone.</param>
/// <param name="Space">Where its events live.</param>
/// <example><code>
/// using FlowKit.Laws;
/// DensityLaws.Check(new DensityCase("a ring", () => new GaussianRing(), Space.Real(-3.6, 3.6)));
/// DensityLaws.Check(new DensityCase("a die", () => new Categorical(6).Learned(1), Space.WholeNumbers(0, 5)));
/// </code></example>
public sealed record DensityCase(string Name, Func<Distribution> Make, Space Space)
{
    /// <summary>A density on R^D that is looked at inside [Low, High]^D.</summary>
    public DensityCase(string name, Func<Distribution> make, (double Low, double High) bounds) : this(name, make, Space.Real(bounds.Low, bounds.High))
    {
    }

    /// <summary>The exact entropy in nats, where it is known in closed form.</summary>
    public double? Entropy { get; init; }

    /// <summary>The exact entropy in nats of what was made, its parameters moved, where the distribution tells it; a constant is <see cref="Entropy"/>.</summary>
    public Func<Distribution, double>? EntropyOf { get; init; }

    /// <summary>Points along a dimension of the rule that integrates it to <see cref="Tolerance"/>.</summary>
    public int Resolution { get; init; } = 400;

    /// <summary>How near to 1 the integral comes: 1e-6 where the density is smooth, 1e-12 where events are summed.</summary>
    public double Tolerance { get; init; } = Space.IsDiscrete ? 1e-12 : 1e-6;

    /// <summary>How far the parameters are moved, in standard deviations of a normal law.</summary>
    public double Shake { get; init; } = Space.IsDiscrete ? 0.5 : 0.1;

    /// <summary>The distribution in float64, its parameters moved, in evaluation mode.</summary>
    public Distribution Create(int seed = 1)
    {
        manual_seed(seed);
        return Expect.Shaken(Make(), Shake);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
