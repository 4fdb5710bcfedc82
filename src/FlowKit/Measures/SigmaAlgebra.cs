using System.Numerics;

namespace FlowKit.Measures;

/// <summary>A sigma-algebra on a finite space: a family of sets that holds S and is closed under complements and unions.</summary>
/// <remarks>It is known by its atoms, the smallest sets but the empty one: they divide S, and the sets of the algebra are the 2^atoms unions of them.</remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// var algebra = SigmaAlgebra.Generate(4, FiniteSet.Of(4, 0), FiniteSet.Of(4, 0, 1));
/// Console.WriteLine(algebra);                                  // => sigma({0}, {1}, {2, 3})
/// Console.WriteLine(algebra.Count);                            // => 8
/// Console.WriteLine(algebra.Contains(FiniteSet.Of(4, 1, 2)));  // => False
/// Console.WriteLine(string.Join(", ", Enumerable.Range(1, 5).Select(n => SigmaAlgebra.All(n).Count())));  // => 1, 2, 5, 15, 52
/// </code></example>
public sealed class SigmaAlgebra : IEquatable<SigmaAlgebra>
{
    private const int MostAtomsListed = 20;

    private readonly int[] atomOf;                            // (n), the atom that holds each point
    private readonly FiniteSet[] atoms;                       // by their first point

    private SigmaAlgebra(IReadOnlyList<int> classes)
    {
        FiniteSet.CheckSpace(classes.Count);
        int[] firsts = [.. classes.Distinct()];
        atomOf = [.. classes.Select(one => Array.IndexOf(firsts, one))];
        atoms = [.. firsts.Select((_, atom) => FiniteSet.Of(classes.Count, Enumerable.Range(0, classes.Count).Where(point => atomOf[point] == atom)))];
    }

    /// <summary>Points of the space, n.</summary>
    public int Points => atomOf.Length;

    /// <summary>The atoms, by their first points.</summary>
    public IReadOnlyList<FiniteSet> Atoms => atoms;

    /// <summary>How many sets: 2^atoms.</summary>
    public BigInteger Count => BigInteger.One << atoms.Length;

    /// <summary>Every set of the algebra, the empty one first.</summary>
    /// <exception cref="InvalidOperationException">There are more than 2^20.</exception>
    public IEnumerable<FiniteSet> Sets => atoms.Length <= MostAtomsListed
        ? FiniteSet.All(atoms.Length).Select(chosen => Union(chosen))
        : throw new InvalidOperationException($"2^{atoms.Length} sets are too many to list; at most 2^{MostAtomsListed} are.");

    /// <summary>The power set: every point is an atom.</summary>
    public static SigmaAlgebra Discrete(int points)
    {
        FiniteSet.CheckSpace(points);
        return new([.. Enumerable.Range(0, points)]);
    }

    /// <summary>The empty set and S alone.</summary>
    public static SigmaAlgebra Trivial(int points)
    {
        FiniteSet.CheckSpace(points);
        return new(new int[points]);
    }

    /// <summary>The smallest sigma-algebra that holds the sets: points that lie in the same of them share an atom.</summary>
    /// <exception cref="ArgumentException">A set lies in another space.</exception>
    public static SigmaAlgebra Generate(int points, params IEnumerable<FiniteSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        FiniteSet[] generators = [.. sets];
        foreach (var set in generators) CheckSpace(points, set);
        var patterns = new Dictionary<string, int>();
        return new([.. Enumerable.Range(0, points).Select(point => Number(patterns, string.Concat(generators.Select(set => set.Contains(point) ? '1' : '0'))))]);
    }

    /// <summary>The sigma-algebra whose sets these are.</summary>
    /// <exception cref="ArgumentException">The family is not a sigma-algebra; the message names the axiom that is broken and a witness.</exception>
    public static SigmaAlgebra FromSets(int points, params IEnumerable<FiniteSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        FiniteSet[] family = [.. sets.Distinct()];
        var all = family.ToHashSet();
        var generated = Generate(points, family);
        if (family.Length == generated.Count) return generated;            // nothing is missing

        if (!all.Contains(FiniteSet.Whole(points))) throw Broken("holds S", "S is not in the family");
        foreach (var a in family.Where(a => !all.Contains(~a))) throw Broken("is closed under complements", $"{a} is in the family, its complement {~a} is not");
        var (one, other) = (from a in family from b in family where !all.Contains(a | b) select (a, b)).First();
        throw Broken("is closed under unions", $"{one} and {other} are in the family, {one | other} is not");

        static ArgumentException Broken(string axiom, string witness) => new($"A sigma-algebra {axiom}; {witness}.", nameof(sets));
    }

    /// <summary>Every sigma-algebra on n points: as many as there are ways to divide them (1, 2, 5, 15, 52, the Bell numbers).</summary>
    /// <param name="points">n, 1 to 12.</param>
    public static IEnumerable<SigmaAlgebra> All(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, 12);
        return Divide([0]).Select(classes => new SigmaAlgebra(classes));

        // Each point joins a class there is, or opens the next one.
        IEnumerable<int[]> Divide(int[] classes) => classes.Length == points
            ? [classes]
            : Enumerable.Range(0, classes.Max() + 2).SelectMany(next => Divide([.. classes, next]));
    }

    /// <summary>Which atom holds a point.</summary>
    public int AtomOf(int point) => atomOf[FiniteSet.CheckPoint(Points, point)];

    /// <summary>Whether a set is measurable: a union of atoms.</summary>
    /// <exception cref="ArgumentException">The set lies in another space.</exception>
    public bool Contains(FiniteSet set)
    {
        CheckSpace(Points, set);
        return atoms.All(atom => atom.IsSubsetOf(set) || (atom & set).IsEmpty);
    }

    /// <summary>Whether every set of the other is one of this: this is finer, or the same.</summary>
    public bool Includes(SigmaAlgebra other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.atoms.All(Contains);
    }

    /// <summary>The sets that are in both: a sigma-algebra again.</summary>
    public SigmaAlgebra Intersect(SigmaAlgebra other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CheckSpace(Points, other.atoms[0]);

        // Atoms of this that an atom of the other touches grow together.
        int[] classes = [.. atomOf];
        foreach (var atom in other.atoms)
        {
            int[] met = [.. atom.Select(point => classes[point]).Distinct()];
            classes = [.. classes.Select(one => met.Contains(one) ? met[0] : one)];
        }
        return new(classes);
    }

    /// <summary>The product algebra on pairs: the pair (i, j) is the point i * other.Points + j, and atoms are products of atoms.</summary>
    /// <exception cref="ArgumentException">The product has more than 64 points.</exception>
    public SigmaAlgebra Product(SigmaAlgebra other)
    {
        ArgumentNullException.ThrowIfNull(other);
        FiniteSet.CheckSpace(Points * other.Points);
        return new([.. atomOf.SelectMany(a => other.atomOf.Select(b => a * other.atoms.Length + b))]);
    }

    /// <summary>Whether both have the same sets.</summary>
    public bool Equals(SigmaAlgebra? other) => other is not null && atomOf.AsSpan().SequenceEqual(other.atomOf);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SigmaAlgebra);

    /// <inheritdoc/>
    public override int GetHashCode() => atomOf.Aggregate(Points, HashCode.Combine);

    /// <summary>sigma({0, 1}, {2}): the atoms.</summary>
    public override string ToString() => $"sigma({string.Join(", ", atoms)})";

    /// <summary>The union of some atoms.</summary>
    internal FiniteSet Union(IEnumerable<int> chosen) => chosen.Aggregate(FiniteSet.Empty(Points), (union, atom) => union | atoms[atom]);

    private static void CheckSpace(int points, FiniteSet set)
    {
        FiniteSet.CheckSpace(points);
        if (set.Points != points) throw new ArgumentException($"A sigma-algebra on {points} points holds subsets of them; {set} lies in a space of {set.Points} points.", nameof(set));
    }

    private static int Number(Dictionary<string, int> seen, string pattern) => seen.TryGetValue(pattern, out int number) ? number : seen[pattern] = seen.Count;
}
