namespace FlowKit.Measures;

/// <summary>The law of a random variable with finitely many values: a probability mass for each.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// var die = DiscreteLaw.Uniform(1, 2, 3, 4, 5, 6);
/// var sum = die + die;
/// Console.WriteLine(sum.Mass(7));                          // => 1/6
/// Console.WriteLine($"{sum.Mean}, {sum.Variance}");        // => 7, 35/6
/// Console.WriteLine(die.PushForward(x => x > 4 ? 1 : 0));  // => 0: 2/3, 1: 1/3
/// </code></example>
public sealed class DiscreteLaw
{
    private readonly SortedDictionary<Rational, Rational> masses = [];

    /// <summary>The law with those masses; a value named twice has the sum.</summary>
    /// <exception cref="ArgumentException">A mass is negative, a value is infinite, or the masses do not sum to 1.</exception>
    public DiscreteLaw(params IEnumerable<(Rational Value, Rational Mass)> masses)
    {
        ArgumentNullException.ThrowIfNull(masses);
        foreach (var (value, mass) in masses)
        {
            if (mass.Sign < 0) throw new ArgumentException($"A probability is >= 0; that of {value} is {mass}.", nameof(masses));
            if (!value.IsFinite) throw new ArgumentException($"A random variable has its values on the line; {value} is not there.", nameof(masses));
            if (mass.Sign > 0) this.masses[value] = Mass(value) + mass;
        }
        var total = Rational.Sum(this.masses.Values);
        if (total != 1) throw new ArgumentException($"Probabilities sum to 1; these sum to {total}.", nameof(masses));
    }

    /// <summary>Each of n values with probability 1/n.</summary>
    public static DiscreteLaw Uniform(params IEnumerable<Rational> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Rational[] all = [.. values];
        return new(all.Select(value => (value, new Rational(1, all.Length))));
    }

    /// <summary>The values of positive probability, ascending.</summary>
    public IEnumerable<Rational> Values => masses.Keys;

    /// <summary>f(x) = P(X = x), the density with respect to counting.</summary>
    public Rational Mass(Rational x) => masses.GetValueOrDefault(x);

    /// <summary>P(X in B).</summary>
    public Rational Probability(Func<Rational, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Rational.Sum(masses.Where(pair => condition(pair.Key)).Select(pair => pair.Value));
    }

    /// <summary>F(x) = P(X &lt;= x).</summary>
    public Rational Cdf(Rational x) => Probability(value => value <= x);

    /// <summary>The smallest x with F(x) >= p.</summary>
    /// <param name="p">0 &lt; p &lt;= 1.</param>
    public Rational Quantile(Rational p)
    {
        if (!(p > 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), $"A quantile belongs to 0 < p <= 1; p was {p}.");
        return masses.Keys.First(value => Cdf(value) >= p);
    }

    /// <summary>E u(X) = sum of u(x) f(x).</summary>
    public Rational Expectation(Func<Rational, Rational> u)
    {
        ArgumentNullException.ThrowIfNull(u);
        return Rational.Sum(masses.Select(pair => u(pair.Key) * pair.Value));
    }

    /// <summary>E X.</summary>
    public Rational Mean => Expectation(x => x);

    /// <summary>E (X - E X)^2.</summary>
    public Rational Variance
    {
        get
        {
            var mean = Mean;
            return Expectation(x => (x - mean) * (x - mean));
        }
    }

    /// <summary>The law of Y = r(X): g(y) = the sum of f(x) over r(x) = y.</summary>
    public DiscreteLaw PushForward(Func<Rational, Rational> r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new(masses.Select(pair => (r(pair.Key), pair.Value)));
    }

    /// <summary>The law of X + Y for independent X and Y: the convolution (f * g)(z) = sum of f(x) g(z - x).</summary>
    public static DiscreteLaw operator +(DiscreteLaw x, DiscreteLaw y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return new(x.masses.SelectMany(a => y.masses.Select(b => (a.Key + b.Key, a.Value * b.Value))));
    }

    /// <summary>The distribution function, a sum of jumps.</summary>
    public DistributionFunction ToDistributionFunction() =>
        masses.Select(pair => (double)pair.Value * DistributionFunction.Jump((double)pair.Key)).Aggregate((sum, jump) => sum + jump);

    /// <summary>2: 1/36, 3: 1/18, ...</summary>
    public override string ToString() => string.Join(", ", masses.Select(pair => $"{pair.Key}: {pair.Value}"));
}
