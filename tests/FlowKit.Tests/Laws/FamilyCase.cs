using FlowKit.Distributions;

namespace FlowKit.Tests.Laws;

/// <summary>One member of a family of the catalog: the law of one element.</summary>
/// <param name="Name">As the test report shows it.</param>
/// <param name="Family">The family.</param>
/// <param name="Parameters">theta, as the family reads it.</param>
public sealed record FamilyCase(string Name, Family Family, params double[] Parameters)
{
    /// <summary>Of a discrete law: the least and the greatest whole number, or between which all but a negligible mass lies.</summary>
    public (int Low, int High) Support { get; init; }

    /// <summary>The ends of the support of a continuous law.</summary>
    public (double Low, double High) Ends { get; init; } = (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Whether the doubles beside an end of the support hold visible mass, so that draws fall together there.</summary>
    public bool IsCoarse { get; init; }

    /// <summary>The relative error that rounding leaves in the density, whose terms are that large.</summary>
    public double Rounding { get; init; }

    /// <summary>The step of differences in theta.</summary>
    public double Step { get; init; } = 1e-4;

    /// <summary>Where the density has a corner, so that no derivative of it is looked at there.</summary>
    public double? Corner { get; init; }

    /// <summary>theta, (1, P, 1).</summary>
    public Tensor Theta => tensor(Parameters, [1, Parameters.Length, 1], dtype: float64);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
