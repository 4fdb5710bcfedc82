namespace FlowKit.Measures;

/// <summary>A signed measure on a finite space: a weight for every atom of a sigma-algebra, and sums of them for its other sets.</summary>
/// <remarks>Weights are exact. One of +inf and -inf may occur, not both: their sum would have no value.</remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// var nu = new SignedMeasure(SigmaAlgebra.Discrete(3), 2, -1, new Rational(1, 2));
/// Console.WriteLine(nu.Total);            // => 3/2
/// Console.WriteLine(nu.PositivePart);     // => {0}: 2, {1}: 0, {2}: 1/2
/// Console.WriteLine(nu.Variation.Total);  // => 7/2
/// </code></example>
public class SignedMeasure
{
    private readonly Rational[] weights;                      // one an atom

    /// <summary>The measure with those weights.</summary>
    /// <param name="algebra">Its measurable sets.</param>
    /// <param name="weights">One for each atom, in the order of <see cref="SigmaAlgebra.Atoms"/>.</param>
    /// <exception cref="ArgumentException">There is not exactly one weight per atom, or both +inf and -inf occur.</exception>
    public SignedMeasure(SigmaAlgebra algebra, params IEnumerable<Rational> weights)
    {
        ArgumentNullException.ThrowIfNull(algebra);
        ArgumentNullException.ThrowIfNull(weights);
        (Algebra, this.weights) = (algebra, [.. weights]);
        if (this.weights.Length != algebra.Atoms.Count)
            throw new ArgumentException($"A measure has one weight per atom; {algebra} has {algebra.Atoms.Count} atoms, and there were {this.weights.Length} weights.", nameof(weights));
        if (this.weights.Contains(Rational.Infinity) && this.weights.Contains(-Rational.Infinity))
            throw new ArgumentException("A signed measure takes at most one of the values +inf and -inf: S would have the measure inf - inf.", nameof(weights));
    }

    /// <summary>The measurable sets.</summary>
    public SigmaAlgebra Algebra { get; }

    /// <summary>The measure of each atom.</summary>
    public IReadOnlyList<Rational> Weights => weights;

    /// <summary>The measure of S.</summary>
    public Rational Total => Rational.Sum(weights);

    /// <summary>Whether no set has infinite measure.</summary>
    public bool IsFinite => weights.All(weight => weight.IsFinite);

    /// <summary>nu(A).</summary>
    /// <exception cref="ArgumentException">A is not measurable.</exception>
    public Rational Of(FiniteSet set) => Rational.Sum(AtomsIn(set).Select(atom => weights[atom]));

    /// <summary>Whether every measurable part of A has measure 0. Measure 0 alone is not enough where positive and negative parts may cancel.</summary>
    public bool IsNull(FiniteSet set) => AtomsIn(set).All(atom => weights[atom].Sign == 0);

    /// <summary>nu+, of the Jordan decomposition nu = nu+ - nu-.</summary>
    public PositiveMeasure PositivePart => new(Algebra, weights.Select(weight => Rational.Max(weight, 0)));

    /// <summary>nu-, of the Jordan decomposition nu = nu+ - nu-.</summary>
    public PositiveMeasure NegativePart => new(Algebra, weights.Select(weight => Rational.Max(-weight, 0)));

    /// <summary>|nu| = nu+ + nu-, the total variation.</summary>
    public PositiveMeasure Variation => new(Algebra, weights.Select(Rational.Abs));

    /// <summary>The integral of f: that of f+ minus that of f-, each against nu+ and nu-.</summary>
    /// <exception cref="ArgumentException">f is not measurable, or its integral is inf - inf.</exception>
    public Rational Integral(FiniteFunction f)
    {
        ArgumentNullException.ThrowIfNull(f);
        f.RequireMeasurable(Algebra, nameof(f));
        Rational[] terms = [.. weights.Select((weight, atom) => f[Algebra.Atoms[atom].First()] * weight)];
        if (terms.Contains(Rational.Infinity) && terms.Contains(-Rational.Infinity))
            throw new ArgumentException("The integral of f is that of f+ minus that of f-, where one of them is finite; here it is inf - inf.", nameof(f));
        return Rational.Sum(terms);
    }

    /// <summary>Whether this is absolutely continuous to mu, nu &lt;&lt; mu: what mu does not see, nu does not see.</summary>
    public bool IsAbsolutelyContinuousTo(SignedMeasure mu) => Pairs(mu).All(pair => pair.Mu.Sign != 0 || pair.Nu.Sign == 0);

    /// <summary>Whether the two live on disjoint sets.</summary>
    public bool IsSingularTo(SignedMeasure mu) => Pairs(mu).All(pair => pair.Mu.Sign == 0 || pair.Nu.Sign == 0);

    /// <summary>Whether each is absolutely continuous to the other: they have the same null sets.</summary>
    public bool IsEquivalentTo(SignedMeasure mu) => IsAbsolutelyContinuousTo(mu) && mu.IsAbsolutelyContinuousTo(this);

    /// <summary>Lebesgue's decomposition nu = nu_c + nu_s with nu_c &lt;&lt; mu and nu_s singular to mu, and the density of nu_c.</summary>
    /// <exception cref="ArgumentException">mu is not sigma-finite.</exception>
    public LebesgueDecomposition Decompose(PositiveMeasure mu)
    {
        var pairs = Pairs(mu);
        foreach (var (weight, atom) in pairs.Select((pair, atom) => (pair.Mu, Algebra.Atoms[atom])).Where(it => !it.Mu.IsFinite))
            throw new ArgumentException($"A density needs a sigma-finite mu, S a union of sets of finite measure; the atom {atom} has measure {weight}.", nameof(mu));
        return new(
            new(Algebra, pairs.Select(pair => pair.Mu.Sign != 0 ? pair.Nu : 0)),
            new(Algebra, pairs.Select(pair => pair.Mu.Sign == 0 ? pair.Nu : 0)),
            FiniteFunction.Of(Algebra.Points, point => pairs[Algebra.AtomOf(point)] is { Mu.Sign: not 0 } pair ? pair.Nu / pair.Mu : 0));
    }

    /// <summary>The Radon-Nikodym derivative dnu/dmu: the f with nu(A) = integral of f over A by mu. It is 0 where mu is.</summary>
    /// <exception cref="ArgumentException">mu does not dominate this measure, or is not sigma-finite.</exception>
    public FiniteFunction DensityTo(PositiveMeasure mu)
    {
        foreach (var atom in Pairs(mu).Select((pair, atom) => (pair, atom)).Where(it => it.pair is { Mu.Sign: 0, Nu.Sign: not 0 }).Select(it => it.atom))
            throw new ArgumentException($"A density dnu/dmu exists if nu << mu, every mu-null set being nu-null; {Algebra.Atoms[atom]} has mu 0 and nu {weights[atom]}.", nameof(mu));
        return Decompose(mu).Density;
    }

    /// <summary>nu(A) + mu(A).</summary>
    public static SignedMeasure operator +(SignedMeasure nu, SignedMeasure mu)
    {
        ArgumentNullException.ThrowIfNull(nu);
        return new(nu.Algebra, nu.Pairs(mu).Select(pair => pair.Nu + pair.Mu));
    }

    /// <summary>nu(A) - mu(A).</summary>
    public static SignedMeasure operator -(SignedMeasure nu, SignedMeasure mu)
    {
        ArgumentNullException.ThrowIfNull(nu);
        return new(nu.Algebra, nu.Pairs(mu).Select(pair => pair.Nu - pair.Mu));
    }

    /// <summary>{0, 1}: 1/2, {2}: 1/2.</summary>
    public override string ToString() => string.Join(", ", Algebra.Atoms.Zip(weights, (atom, weight) => $"{atom}: {weight}"));

    private protected IEnumerable<int> AtomsIn(FiniteSet set) => Algebra.Contains(set)
        ? Enumerable.Range(0, weights.Length).Where(atom => Algebra.Atoms[atom].IsSubsetOf(set))
        : throw new ArgumentException($"A measure is defined on the sets of its sigma-algebra; {set} is not in {Algebra}.", nameof(set));

    private (Rational Nu, Rational Mu)[] Pairs(SignedMeasure mu)
    {
        ArgumentNullException.ThrowIfNull(mu);
        return Algebra.Equals(mu.Algebra)
            ? [.. weights.Zip(mu.weights)]
            : throw new ArgumentException($"Two measures are compared on one sigma-algebra; these live on {Algebra} and {mu.Algebra}.", nameof(mu));
    }
}
