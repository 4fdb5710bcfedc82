namespace FlowKit.Measures;

/// <summary>A simple function on the line: finitely many values, each on a set, the sets disjoint; 0 elsewhere. Its integral by Lebesgue measure is a sum.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// // f(x) = x on [0, 1], approached from below: {f >= level} = [level, 1].
/// double Integral(int n) => (double)SimpleFunction.Below(n, level => level &lt;= 1 ? LineSet.Closed(level, 1) : LineSet.Empty).Integral;
/// Console.WriteLine($"{Integral(1)}, {Integral(2)}, {Integral(3)}, {Integral(8)}");  // => 0.25, 0.375, 0.4375, 0.498046875
/// </code></example>
public sealed class SimpleFunction
{
    private readonly (Rational Value, LineSet Set)[] steps;

    /// <summary>The function with those values on those sets.</summary>
    /// <exception cref="ArgumentException">Two sets overlap, or one is missing.</exception>
    public SimpleFunction(params IEnumerable<(Rational Value, LineSet Set)> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        this.steps = [.. steps.Where(step => step.Set is { } set ? !set.IsEmpty : throw new ArgumentException("In a simple function each step has a set; one was null.", nameof(steps)))];
        var union = LineSet.Empty;
        foreach (var (_, set) in this.steps)
        {
            if (!(union & set).IsEmpty) throw new ArgumentException($"A simple function has one value at a point; {union & set} was given two.", nameof(steps));
            union |= set;
        }
    }

    /// <summary>min(n, floor(2^n f) / 2^n), the n-th simple function below f >= 0: it grows to f with n, and its integral to that of f.</summary>
    /// <param name="n">0 to 16; it takes n 2^n + 1 values.</param>
    /// <param name="above">The set {x: f(x) >= level} for a level > 0.</param>
    /// <exception cref="ArgumentException">The set of a level is null, or is not a subset of that of a lower level.</exception>
    public static SimpleFunction Below(int n, Func<Rational, LineSet> above)
    {
        ArgumentNullException.ThrowIfNull(above);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 16);
        Rational step = new(1, 1 << n);
        int top = n << n;
        LineSet[] sets = [.. Enumerable.Range(1, top).Select(k => Guard.Made(above(k * step), nameof(above)))];
        for (int k = 1; k < top; k++)
            if (!sets[k].IsSubsetOf(sets[k - 1])) throw new ArgumentException($"The sets {{f >= level}} shrink as the level grows; {{f >= {(k + 1) * step}}} is not a subset of {{f >= {k * step}}}.", nameof(above));
        return new(Enumerable.Range(1, top).Select(k => (k * step, k == top ? sets[k - 1] : sets[k - 1] - sets[k])));
    }

    /// <summary>The values and their sets.</summary>
    public IReadOnlyList<(Rational Value, LineSet Set)> Steps => steps;

    /// <summary>The value at x.</summary>
    public Rational this[Rational x] => Rational.Sum(steps.Where(step => step.Set.Contains(x)).Select(step => step.Value));

    /// <summary>The integral by Lebesgue measure: the sum of value times length, with 0 * inf = 0.</summary>
    /// <exception cref="InvalidOperationException">The positive and the negative part both have infinite integrals.</exception>
    public Rational Integral
    {
        get
        {
            Rational[] terms = [.. steps.Select(step => step.Value * step.Set.Length)];
            return terms.Contains(Rational.Infinity) && terms.Contains(-Rational.Infinity)
                ? throw new InvalidOperationException("The integral of f is that of f+ minus that of f-, where one of them is finite; here it is inf - inf.")
                : Rational.Sum(terms);
        }
    }
}
