namespace FlowKit.Measures;

/// <summary>A map f: {0, ..., n - 1} to {0, ..., m - 1} between finite spaces.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// var parity = new FiniteMap(2, 0, 1, 0, 1);                 // i mod 2 on {0, 1, 2, 3}
/// Console.WriteLine(parity.Preimage(FiniteSet.Of(2, 1)));                                     // => {1, 3}
/// Console.WriteLine(parity.GeneratedAlgebra(SigmaAlgebra.Discrete(2)));                       // => sigma({0, 2}, {1, 3})
/// Console.WriteLine(parity.IsMeasurable(SigmaAlgebra.Trivial(4), SigmaAlgebra.Discrete(2)));  // => False
/// </code></example>
public sealed class FiniteMap
{
    private readonly int[] values;

    /// <summary>The map that carries point i to values[i].</summary>
    /// <param name="targets">Points of the target space, m.</param>
    /// <param name="values">One of 0..m-1 for each point of the source, (n).</param>
    /// <exception cref="ArgumentException">A value is not a point of the target.</exception>
    public FiniteMap(int targets, params IEnumerable<int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        this.values = [.. values];
        FiniteSet.CheckSpace(targets);
        FiniteSet.CheckSpace(this.values.Length);
        foreach (int value in this.values.Where(value => value < 0 || value >= targets))
            throw new ArgumentException($"A map into {{0..{targets - 1}}} has its values there; {value} lies outside.", nameof(values));
        Targets = targets;
    }

    /// <summary>Points of the source space, n.</summary>
    public int Points => values.Length;

    /// <summary>Points of the target space, m.</summary>
    public int Targets { get; }

    /// <summary>f(point).</summary>
    public int this[int point] => values[FiniteSet.CheckPoint(Points, point)];

    /// <summary>f(A), the values on A.</summary>
    public FiniteSet Image(FiniteSet set) => set.Points == Points
        ? FiniteSet.Of(Targets, set.Select(point => values[point]))
        : throw new ArgumentException($"The image is of a set of the source's {Points} points; {set} lies in a space of {set.Points}.", nameof(set));

    /// <summary>f^-1(B), the points whose value lies in B.</summary>
    public FiniteSet Preimage(FiniteSet set) => set.Points == Targets
        ? FiniteSet.Of(Points, Enumerable.Range(0, Points).Where(point => set.Contains(values[point])))
        : throw new ArgumentException($"The pre-image is of a set of the target's {Targets} points; {set} lies in a space of {set.Points}.", nameof(set));

    /// <summary>x to g(f(x)).</summary>
    public FiniteMap Then(FiniteMap g)
    {
        ArgumentNullException.ThrowIfNull(g);
        return g.Points == Targets
            ? new(g.Targets, values.Select(value => g[value]))
            : throw new ArgumentException($"f has its values in {Targets} points and g starts from {g.Points}; a composition needs them alike.", nameof(g));
    }

    /// <summary>The smallest sigma-algebra that makes f measurable: the pre-images of the target's sets. For a random variable X it is sigma(X).</summary>
    public SigmaAlgebra GeneratedAlgebra(SigmaAlgebra target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return SigmaAlgebra.Generate(Points, target.Atoms.Select(Preimage));
    }

    /// <summary>Whether the pre-image of each measurable set is measurable; the atoms decide.</summary>
    public bool IsMeasurable(SigmaAlgebra source, SigmaAlgebra target) => NotMeasurable(source, target) is null;

    internal void RequireMeasurable(SigmaAlgebra source, SigmaAlgebra target, string name)
    {
        if (NotMeasurable(source, target) is { } atom)
            throw new ArgumentException($"A map is measurable if the pre-image of each measurable set is; the pre-image of {atom} is {Preimage(atom)}, which is not in {source}.", name);
    }

    private FiniteSet? NotMeasurable(SigmaAlgebra source, SigmaAlgebra target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return target.Atoms.Where(atom => !source.Contains(Preimage(atom))).Select(atom => (FiniteSet?)atom).FirstOrDefault();
    }
}
