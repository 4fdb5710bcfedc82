using System.Globalization;
using System.Numerics;

namespace FlowKit.Measures;

/// <summary>An exact number of the extended line: a fraction, +inf or -inf.</summary>
/// <remarks>The conventions are those of measure theory: 0 * inf = 0, x / inf = 0, and inf - inf is refused. The default value is 0.</remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// Console.WriteLine(new Rational(1, 3) + new Rational(1, 6));          // => 1/2
/// Console.WriteLine(0 * Rational.Infinity);                            // => 0
/// Console.WriteLine(Rational.FromDouble(0.1) == new Rational(1, 10));  // => False
/// Console.WriteLine((double)new Rational(3, 4));                       // => 0.75
/// </code></example>
public readonly record struct Rational : IComparable<Rational>
{
    private readonly BigInteger denominatorLessOne;           // so that the default is 0/1

    /// <summary>numerator / denominator, in lowest terms.</summary>
    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) throw new DivideByZeroException($"A fraction has a denominator other than 0; it was {numerator}/0.");
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (Numerator, denominatorLessOne) = (numerator / common, denominator / common - 1);
    }

    private Rational(int sign) => (Numerator, denominatorLessOne) = (sign, -1);

    /// <summary>+inf.</summary>
    public static Rational Infinity { get; } = new(1);

    /// <summary>0.</summary>
    public static Rational Zero => default;

    /// <summary>1.</summary>
    public static Rational One { get; } = new(1, 1);

    /// <summary>The numerator in lowest terms, with the sign; +1 or -1 at infinity.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator in lowest terms, positive; 0 at infinity.</summary>
    public BigInteger Denominator => denominatorLessOne + 1;

    /// <summary>Whether this is a fraction, not +inf or -inf.</summary>
    public bool IsFinite => !Denominator.IsZero;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>Whole numbers are fractions.</summary>
    public static implicit operator Rational(long value) => new(value, 1);

    /// <summary>The double, to about its last bit.</summary>
    public static explicit operator double(Rational x)
    {
        if (!x.IsFinite) return x.Sign * double.PositiveInfinity;
        int up = Excess(x.Numerator), down = Excess(x.Denominator);
        return Math.ScaleB((double)(x.Numerator >> up) / (double)(x.Denominator >> down), up - down);

        static int Excess(BigInteger value) => (int)Math.Max(0, (long)BigInteger.Abs(value).GetBitLength() - 900);
    }

    /// <summary>The fraction that a double is: its mantissa over a power of two.</summary>
    /// <exception cref="ArgumentException">The value is NaN.</exception>
    public static Rational FromDouble(double value)
    {
        if (double.IsNaN(value)) throw new ArgumentException("NaN is no number of the extended line.", nameof(value));
        if (double.IsInfinity(value)) return Math.Sign(value) * Infinity;
        int exponent = value == 0 ? 0 : Math.ILogB(value) - 52;
        BigInteger mantissa = new(Math.ScaleB(value, -exponent));
        return exponent >= 0 ? new(mantissa << exponent, 1) : new(mantissa, BigInteger.One << -exponent);
    }

    /// <summary>The sum, 0 of nothing.</summary>
    /// <exception cref="ArithmeticException">Both +inf and -inf occur.</exception>
    public static Rational Sum(IEnumerable<Rational> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Aggregate(Zero, (sum, value) => sum + value);
    }

    /// <summary>|x|.</summary>
    public static Rational Abs(Rational x) => x.Sign < 0 ? -x : x;

    /// <summary>The smaller.</summary>
    public static Rational Min(Rational x, Rational y) => x < y ? x : y;

    /// <summary>The larger.</summary>
    public static Rational Max(Rational x, Rational y) => x < y ? y : x;

    /// <summary>The largest whole number that is not above a fraction.</summary>
    public static Rational Floor(Rational x) =>
        x.IsFinite ? new((x.Numerator - (x.Numerator % x.Denominator + x.Denominator) % x.Denominator) / x.Denominator, 1) : x;

    /// <summary>x + y.</summary>
    /// <exception cref="ArithmeticException">One is +inf and the other -inf.</exception>
    public static Rational operator +(Rational x, Rational y)
    {
        if (x.IsFinite && y.IsFinite) return new(x.Numerator * y.Denominator + y.Numerator * x.Denominator, x.Denominator * y.Denominator);
        if (!x.IsFinite && !y.IsFinite && x.Sign != y.Sign)
            throw new ArithmeticException("inf - inf has no value: a sum of extended numbers holds at most one of +inf and -inf.");
        return x.IsFinite ? y : x;
    }

    /// <summary>x - y.</summary>
    /// <inheritdoc cref="operator +(Rational, Rational)"/>
    public static Rational operator -(Rational x, Rational y) => x + -y;

    /// <summary>-x.</summary>
    public static Rational operator -(Rational x) => x.IsFinite ? new(-x.Numerator, x.Denominator) : new(-x.Sign);

    /// <summary>x * y, where 0 * inf = 0.</summary>
    public static Rational operator *(Rational x, Rational y) =>
        x.IsFinite && y.IsFinite ? new(x.Numerator * y.Numerator, x.Denominator * y.Denominator) : x.Sign * y.Sign == 0 ? Zero : new(x.Sign * y.Sign);

    /// <summary>x / y, where x / inf = 0.</summary>
    /// <exception cref="DivideByZeroException">y is 0.</exception>
    /// <exception cref="ArithmeticException">Both are infinite.</exception>
    public static Rational operator /(Rational x, Rational y)
    {
        if (y.IsFinite) return y.Sign == 0 ? throw new DivideByZeroException($"{x} / 0 has no value.") : x * new Rational(y.Denominator, y.Numerator);
        return x.IsFinite ? Zero : throw new ArithmeticException("inf / inf has no value.");
    }

    /// <summary>x &lt; y.</summary>
    public static bool operator <(Rational x, Rational y) => x.CompareTo(y) < 0;

    /// <summary>x &gt; y.</summary>
    public static bool operator >(Rational x, Rational y) => x.CompareTo(y) > 0;

    /// <summary>x &lt;= y.</summary>
    public static bool operator <=(Rational x, Rational y) => x.CompareTo(y) <= 0;

    /// <summary>x &gt;= y.</summary>
    public static bool operator >=(Rational x, Rational y) => x.CompareTo(y) >= 0;

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (IsFinite, other.IsFinite) switch
    {
        (true, true) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator),
        (false, false) => Sign.CompareTo(other.Sign),
        (false, true) => Sign,
        (true, false) => -other.Sign,
    };

    /// <summary>3/4, 2, inf or -inf.</summary>
    public override string ToString() => !IsFinite ? (Sign > 0 ? "inf" : "-inf")
        : Denominator.IsOne ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
