namespace FlowKit.Measures;

/// <summary>1 on the rational numbers, 0 on the others: Lebesgue's integral over [0, 1] is 0, Riemann's does not exist.</summary>
/// <example><code>
/// using FlowKit.Measures;
///
/// Console.WriteLine(string.Join(", ", DirichletFunction.Rationals().Take(7)));    // => 0, 1, 1/2, 1/3, 2/3, 1/4, 3/4
/// var (lowest, highest) = DirichletFunction.Extremes(0, 1);
/// Console.WriteLine(DirichletFunction.Value(lowest) + ", " + DirichletFunction.Value(highest));  // => 0, 1
/// Console.WriteLine((double)DirichletFunction.Cover(20, epsilon: 1).Length &lt; 1);  // => True
/// </code></example>
public static class DirichletFunction
{
    /// <summary>1 if x is rational, else 0.</summary>
    public static int Value(RootTwoNumber x) => x.IsRational ? 1 : 0;

    /// <summary>The smallest and the largest value on [low, high], each with a point of it where it is taken.</summary>
    /// <exception cref="ArgumentException">low is not below high, or one is infinite.</exception>
    public static (RootTwoNumber Lowest, RootTwoNumber Highest) Extremes(Rational low, Rational high)
    {
        if (!low.IsFinite || !high.IsFinite) throw new ArgumentException($"The interval has finite ends; it was [{low}, {high}].", nameof(low));
        if (low >= high) throw new ArgumentException($"An interval has low < high; it was [{low}, {high}].", nameof(low));
        return (new(low, (high - low) / 2), (low + high) / 2);               // low + (high - low) / sqrt 2 lies inside
    }

    /// <summary>The first rational numbers of [0, 1], by growing denominator: 0, 1, 1/2, 1/3, 2/3, 1/4, ... Every one comes up once.</summary>
    public static IEnumerable<Rational> Rationals()
    {
        yield return 0;
        for (int denominator = 1; ; denominator++)
            for (int numerator = 1; numerator <= denominator; numerator++)
                if (new Rational(numerator, denominator) is var fraction && fraction.Denominator == denominator) yield return fraction;
    }

    /// <summary>Open intervals around the first rational numbers, the k-th of length epsilon 2^-k: together not longer than epsilon, however many there are.</summary>
    /// <param name="count">0 to 2000: the ends have up to that many binary digits.</param>
    /// <param name="epsilon">Finite and > 0.</param>
    public static LineSet Cover(int count, Rational epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 2000);
        if (!(epsilon > 0) || !epsilon.IsFinite) throw new ArgumentException($"A length is finite and > 0; it was {epsilon}.", nameof(epsilon));
        var cover = LineSet.Empty;
        var half = epsilon / 4;                                // half of epsilon / 2
        foreach (var fraction in Rationals().Take(count))
        {
            cover |= LineSet.Open(fraction - half, fraction + half);
            half /= 2;
        }
        return cover;
    }
}
