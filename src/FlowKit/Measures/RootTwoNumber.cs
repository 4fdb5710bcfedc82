namespace FlowKit.Measures;

/// <summary>a + b sqrt 2 with rational a and b, exactly: enough numbers to have a rational and an irrational one in every interval.</summary>
/// <param name="A">The rational part.</param>
/// <param name="B">How many times sqrt 2.</param>
/// <exception cref="ArgumentException">One of the two is infinite.</exception>
/// <example><code>
/// using FlowKit.Measures;
///
/// var x = new RootTwoNumber(-7, 5);                    // 5 sqrt 2 - 7
/// Console.WriteLine($"{x.Sign}, {x.IsRational}");        // => 1, False
/// Console.WriteLine(x.CompareTo(new Rational(7, 100)));  // => 1
/// </code></example>
public readonly record struct RootTwoNumber(Rational A, Rational B) : IComparable<RootTwoNumber>
{
    /// <summary>The rational part.</summary>
    public Rational A { get; } = A.IsFinite && B.IsFinite ? A : throw new ArgumentException($"a and b of a + b sqrt 2 are both rational; they were {A} and {B}.", nameof(A));

    /// <summary>How many times sqrt 2.</summary>
    public Rational B { get; } = B;

    /// <summary>Whether the number is a fraction: b = 0.</summary>
    public bool IsRational => B.Sign == 0;

    /// <summary>A fraction.</summary>
    public static implicit operator RootTwoNumber(Rational a) => new(a, 0);

    /// <summary>-1, 0 or 1; where a and b differ in sign, a^2 against 2 b^2 decides.</summary>
    public int Sign => A.Sign * B.Sign >= 0 ? (A.Sign != 0 ? A.Sign : B.Sign) : A.Sign * (A * A).CompareTo(2 * B * B);

    /// <inheritdoc/>
    public int CompareTo(RootTwoNumber other) => new RootTwoNumber(A - other.A, B - other.B).Sign;
}
