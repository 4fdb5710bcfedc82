namespace FlowKit.Measures;

/// <summary>Riemann's lower and upper sums of a function over a partition; Riemann's integral exists if they can be brought together.</summary>
/// <param name="Lower">Sum of the infimum on each piece times its length.</param>
/// <param name="Upper">Sum of the supremum on each piece times its length.</param>
/// <example><code>
/// using FlowKit.Measures;
///
/// Rational[] nodes = [0, new(1, 4), new(1, 2), new(3, 4), 1];
/// var sums = DarbouxSums.Of(nodes, (low, high) => (low * low, high * high));     // x² on [0, 1]
/// Console.WriteLine($"{sums.Lower} &lt;= 1/3 &lt;= {sums.Upper}");  // => 7/32 &lt;= 1/3 &lt;= 15/32
/// </code></example>
public readonly record struct DarbouxSums(Rational Lower, Rational Upper)
{
    /// <summary>The sums over the pieces between neighboring nodes.</summary>
    /// <param name="nodes">Ascending, at least two.</param>
    /// <param name="bounds">The infimum and the supremum of the function on [low, high].</param>
    /// <exception cref="ArgumentException">The nodes do not ascend, one is infinite, there are fewer than two, or an infimum is above the supremum.</exception>
    public static DarbouxSums Of(IReadOnlyList<Rational> nodes, Func<Rational, Rational, (Rational Lower, Rational Upper)> bounds)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(bounds);
        if (nodes.Count < 2) throw new ArgumentException($"A partition has at least two nodes; there were {nodes.Count}.", nameof(nodes));
        foreach (var node in nodes.Where(node => !node.IsFinite)) throw new ArgumentException($"Riemann's sums are over a bounded interval; {node} was a node.", nameof(nodes));
        var (lower, upper) = (Rational.Zero, Rational.Zero);
        foreach (var (from, to) in nodes.Zip(nodes.Skip(1)))
        {
            if (from >= to) throw new ArgumentException($"The nodes of a partition ascend; {to} came after {from}.", nameof(nodes));
            var (least, most) = bounds(from, to);
            if (least > most) throw new ArgumentException($"The infimum is not above the supremum; on [{from}, {to}] they were {least} and {most}.", nameof(bounds));
            (lower, upper) = (lower + least * (to - from), upper + most * (to - from));
        }
        return new(lower, upper);
    }
}
