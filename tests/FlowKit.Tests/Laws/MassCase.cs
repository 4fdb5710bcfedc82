using FlowKit.Distributions;

namespace FlowKit.Tests.Laws;

/// <summary>One law of whole numbers of the catalog.</summary>
/// <param name="Name">As the test report shows it.</param>
/// <param name="Make">A fresh distribution.</param>
/// <param name="Low">The smallest whole number an element takes, or below which there is next to no mass.</param>
/// <param name="High">The largest, or above which there is next to no mass.</param>
public sealed record MassCase(string Name, Func<Distribution> Make, int Low, int High)
{
    /// <summary>Whether the support ends at <see cref="Low"/> and <see cref="High"/>.</summary>
    public bool Bounded { get; init; } = true;

    /// <summary>The distribution in float64, parameters shaken, in evaluation mode.</summary>
    public Distribution Create(int seed = 1)
    {
        manual_seed(seed);
        var p = Make();
        p.to(float64);
        using (no_grad())
            foreach (var parameter in p.parameters()) parameter.add_(randn_like(parameter) * 0.5);
        p.eval();
        return p;
    }

    /// <summary>Every event of the support, (N, EventShape...).</summary>
    public Tensor Support(Distribution p)
    {
        var line = arange(Low, High + 1, dtype: float64);
        var all = meshgrid([.. Enumerable.Repeat(line, (int)p.Dimensions)], indexing: "ij");
        return stack(all.Select(one => one.flatten()), dim: 1).reshape([-1, .. p.EventShape]);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
