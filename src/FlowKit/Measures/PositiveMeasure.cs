namespace FlowKit.Measures;

/// <summary>A measure on a finite space: no set has a negative one, and +inf is allowed.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// var p = PositiveMeasure.OnPoints(1, 2, 3).Normalized();
/// Console.WriteLine(p);                                                 // => {0}: 1/6, {1}: 1/3, {2}: 1/2
/// Console.WriteLine(p.Law(new FiniteFunction(0, 1, 1)));                // => 0: 1/6, 1: 5/6
/// Console.WriteLine(p.WithDensity(new FiniteFunction(6, 0, 0)).Total);  // => 1
/// </code></example>
public sealed class PositiveMeasure : SignedMeasure
{
    /// <summary>The measure with those weights, one per atom.</summary>
    /// <exception cref="ArgumentException">A weight is negative, or there is not exactly one weight per atom.</exception>
    public PositiveMeasure(SigmaAlgebra algebra, params IEnumerable<Rational> weights) : base(algebra, weights)
    {
        foreach (var (atom, weight) in Algebra.Atoms.Zip(Weights).Where(pair => pair.Second.Sign < 0))
            throw new ArgumentException($"A positive measure has mu(A) >= 0; {atom} would have {weight}.", nameof(weights));
    }

    /// <summary>How many points a set has.</summary>
    public static PositiveMeasure Counting(SigmaAlgebra algebra)
    {
        ArgumentNullException.ThrowIfNull(algebra);
        return new(algebra, algebra.Atoms.Select(atom => (Rational)atom.Count));
    }

    /// <summary>The unit mass at a point: 1 for sets that hold it.</summary>
    public static PositiveMeasure Dirac(SigmaAlgebra algebra, int point)
    {
        ArgumentNullException.ThrowIfNull(algebra);
        return new(algebra, Enumerable.Range(0, algebra.Atoms.Count).Select(atom => (Rational)(atom == algebra.AtomOf(point) ? 1 : 0)));
    }

    /// <summary>A measure with a weight for each point of the space, on all its subsets.</summary>
    public static PositiveMeasure OnPoints(params IEnumerable<Rational> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Rational[] all = [.. weights];
        return new(SigmaAlgebra.Discrete(all.Length), all);
    }

    /// <summary>Whether mu(S) = 1.</summary>
    public bool IsProbability => Total == 1;

    /// <summary>mu / mu(S), a probability measure.</summary>
    /// <exception cref="InvalidOperationException">mu(S) is 0 or infinite.</exception>
    public PositiveMeasure Normalized()
    {
        var total = Total;
        return total.IsFinite && total.Sign > 0
            ? new(Algebra, Weights.Select(weight => weight / total))
            : throw new InvalidOperationException($"A probability measure is mu / mu(S) with 0 < mu(S) < inf; mu(S) is {total}.");
    }

    /// <summary>nu(B) = mu(f^-1(B)), the push-forward; the law of f where mu is a probability.</summary>
    /// <exception cref="ArgumentException">f is not measurable.</exception>
    public PositiveMeasure PushForward(FiniteMap f, SigmaAlgebra target)
    {
        ArgumentNullException.ThrowIfNull(f);
        f.RequireMeasurable(Algebra, target, nameof(f));
        return new(target, target.Atoms.Select(atom => Of(f.Preimage(atom))));
    }

    /// <summary>The law of a random variable: P(X in B) = P(X^-1(B)).</summary>
    /// <exception cref="ArgumentException">X is not measurable.</exception>
    /// <exception cref="InvalidOperationException">This is not a probability measure.</exception>
    public DiscreteLaw Law(FiniteFunction x)
    {
        ArgumentNullException.ThrowIfNull(x);
        x.RequireMeasurable(Algebra, nameof(x));
        if (!IsProbability) throw new InvalidOperationException($"A law belongs to a probability space, P(S) = 1; here it is {Total}.");
        return new(Weights.Select((weight, atom) => (x[Algebra.Atoms[atom].First()], weight)));
    }

    /// <summary>The product measure on pairs, the point (i, j) being i * m + j: mu(A) nu(B) on A x B.</summary>
    public PositiveMeasure Product(PositiveMeasure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Algebra.Product(other.Algebra), Weights.SelectMany(a => other.Weights.Select(b => a * b)));
    }

    /// <summary>The measure with density f: nu(A) = integral of f over A.</summary>
    /// <remarks>For f >= 0 it is positive; for an integrable f it is a finite signed measure, not a positive one.</remarks>
    /// <exception cref="ArgumentException">f is not measurable, or the measure would be inf - inf.</exception>
    public SignedMeasure WithDensity(FiniteFunction f)
    {
        ArgumentNullException.ThrowIfNull(f);
        f.RequireMeasurable(Algebra, nameof(f));
        return new(Algebra, Weights.Select((weight, atom) => f[Algebra.Atoms[atom].First()] * weight));
    }

    /// <summary>Whether two sets differ by a null set: mu of the symmetric difference is 0.</summary>
    public bool AreEquivalent(FiniteSet a, FiniteSet b) => IsNull(a ^ b);

    /// <summary>Whether a condition on points holds almost everywhere: its failures lie in a null set.</summary>
    public bool AlmostEverywhere(Func<int, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return IsNull(Cover(FiniteSet.Of(Algebra.Points, Enumerable.Range(0, Algebra.Points).Where(point => !condition(point)))));
    }

    // The smallest measurable set around a set.
    private FiniteSet Cover(FiniteSet set) => Algebra.Union(set.Select(Algebra.AtomOf));
}
