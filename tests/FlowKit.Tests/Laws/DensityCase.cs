using FlowKit.Distributions;

namespace FlowKit.Tests.Laws;

/// <summary>One density of the catalog.</summary>
/// <param name="Name">As the test report shows it.</param>
/// <param name="Make">A fresh density of one or two dimensions, or of more without a grid.</param>
/// <param name="Bounds">An interval or a square box that holds all but a negligible part of the mass.</param>
public sealed record DensityCase(string Name, Func<Distribution> Make, (double Low, double High) Bounds)
{
    /// <summary>The exact differential entropy, where it is known in closed form.</summary>
    public double? Entropy { get; init; }

    /// <summary>Cells along a side of the grid that integrates it to <see cref="Tolerance"/>.</summary>
    public int Resolution { get; init; } = 400;

    /// <summary>How near to 1 the grid comes: 1e-6 where the density is smooth.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>The density in float64, parameters shaken, in evaluation mode.</summary>
    public Distribution Create(int seed = 1)
    {
        manual_seed(seed);
        var density = Make();
        density.to(float64);
        using (no_grad())
            foreach (var parameter in density.parameters()) parameter.add_(randn_like(parameter) * 0.1);
        density.eval();
        return density;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
