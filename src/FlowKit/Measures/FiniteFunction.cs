namespace FlowKit.Measures;

/// <summary>A function from a finite space to the extended line. On a probability space, where it is measurable, a random variable.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// var f = new FiniteFunction(-1, 0, new Rational(3, 4), 2);
/// Console.WriteLine(f.Positive);                   // => (0, 0, 3/4, 2)
/// Console.WriteLine(f.Positive.SimpleBelow(1));    // => (0, 0, 1/2, 1)
/// Console.WriteLine(f.Where(value => value > 0));  // => {2, 3}
/// </code></example>
public sealed class FiniteFunction
{
    private readonly Rational[] values;

    /// <summary>The function that is values[i] at point i.</summary>
    public FiniteFunction(params IEnumerable<Rational> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        this.values = [.. values];
        FiniteSet.CheckSpace(this.values.Length);
    }

    /// <summary>x to f(x) on n points.</summary>
    public static FiniteFunction Of(int points, Func<int, Rational> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        FiniteSet.CheckSpace(points);
        return new(Enumerable.Range(0, points).Select(f));
    }

    /// <summary>1 on a set, 0 elsewhere.</summary>
    public static FiniteFunction Indicator(FiniteSet set) => Of(set.Points, point => set.Contains(point) ? 1 : 0);

    /// <summary>Points of the space.</summary>
    public int Points => values.Length;

    /// <summary>f(point).</summary>
    public Rational this[int point] => values[FiniteSet.CheckPoint(Points, point)];

    /// <summary>f+ = max(f, 0).</summary>
    public FiniteFunction Positive => Map(value => Rational.Max(value, 0));

    /// <summary>f- = max(-f, 0), so that f = f+ - f-.</summary>
    public FiniteFunction Negative => Map(value => Rational.Max(-value, 0));

    /// <summary>u(f(x)).</summary>
    public FiniteFunction Map(Func<Rational, Rational> u)
    {
        ArgumentNullException.ThrowIfNull(u);
        return new(values.Select(u));
    }

    /// <summary>{x: f(x) satisfies the condition}.</summary>
    public FiniteSet Where(Func<Rational, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return FiniteSet.Of(Points, Enumerable.Range(0, Points).Where(point => condition(values[point])));
    }

    /// <summary>The simple function min(n, floor(2^n f) / 2^n) below f >= 0; it grows to f with n.</summary>
    /// <param name="n">0 to 60.</param>
    /// <exception cref="ArgumentException">f is negative somewhere.</exception>
    public FiniteFunction SimpleBelow(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 60);
        if (values.Any(value => value.Sign < 0)) throw new ArgumentException("Simple functions approach f from below where f >= 0; take f+ and f- apart.", nameof(n));
        Rational steps = 1L << n;
        return Map(value => value >= n ? n : Rational.Floor(value * steps) / steps);
    }

    /// <summary>sigma(f), the smallest sigma-algebra that makes f measurable.</summary>
    public SigmaAlgebra GeneratedAlgebra() => SigmaAlgebra.Generate(Points, values.Distinct().Select(value => Where(other => other == value)));

    /// <summary>Whether f is constant on every atom.</summary>
    public bool IsMeasurable(SigmaAlgebra algebra)
    {
        ArgumentNullException.ThrowIfNull(algebra);
        return algebra.Includes(GeneratedAlgebra());
    }

    /// <summary>f + g, pointwise.</summary>
    public static FiniteFunction operator +(FiniteFunction f, FiniteFunction g) => Combine(f, g, (x, y) => x + y);

    /// <summary>f - g, pointwise.</summary>
    public static FiniteFunction operator -(FiniteFunction f, FiniteFunction g) => Combine(f, g, (x, y) => x - y);

    /// <summary>f g, pointwise.</summary>
    public static FiniteFunction operator *(FiniteFunction f, FiniteFunction g) => Combine(f, g, (x, y) => x * y);

    /// <summary>(1, 1/2, inf): the values in order.</summary>
    public override string ToString() => $"({string.Join(", ", values)})";

    internal void RequireMeasurable(SigmaAlgebra algebra, string name)
    {
        if (algebra.Points != Points) throw new ArgumentException($"The function lives on {Points} points, the measure on {algebra.Points}.", name);
        foreach (var atom in algebra.Atoms.Where(atom => atom.Select(point => values[point]).Distinct().Count() > 1))
            throw new ArgumentException($"A function is measurable if its pre-images are, so that it is constant on every atom; on {atom} it is {string.Join(", ", atom.Select(point => values[point]))}.", name);
    }

    private static FiniteFunction Combine(FiniteFunction f, FiniteFunction g, Func<Rational, Rational, Rational> each)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        return f.Points == g.Points
            ? Of(f.Points, point => each(f[point], g[point]))
            : throw new ArgumentException($"Functions are combined on one space; these have {f.Points} and {g.Points} points.", nameof(g));
    }
}
