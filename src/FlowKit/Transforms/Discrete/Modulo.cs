namespace FlowKit.Transforms;

/// <summary>Arithmetic of the remainders 0..K-1: which numbers can be divided by, and their inverses.</summary>
/// <remarks>a has an inverse modulo K if and only if gcd(a, K) = 1; such a is called a unit. Tran et al. 2019, arXiv:1905.10347, section 4.1.</remarks>
/// <example><code>
/// Console.WriteLine(string.Join(", ", Modulo.Units(10)));          // => 1, 3, 7, 9
/// Console.WriteLine(Modulo.Inverse(3, 10));                        // => 7
/// Console.WriteLine(3 * 7 % 10);                                   // => 1
/// </code></example>
public static class Modulo
{
    /// <summary>The a⁻¹ in 0..K-1 with a a⁻¹ = 1 modulo K, by the extended Euclidean algorithm.</summary>
    /// <param name="a">Any whole number with gcd(a, K) = 1.</param>
    /// <param name="classes">K >= 2.</param>
    /// <exception cref="ArgumentException">a has a factor in common with K: it has no inverse.</exception>
    public static int Inverse(int a, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);

        // Every remainder r is t a modulo K for the t beside it, and the last one above 0 is the greatest common divisor.
        var ((r0, r1), (t0, t1)) = ((classes, Remainder(a, classes)), (0, 1));
        while (r1 != 0)
        {
            int q = r0 / r1;
            ((r0, r1), (t0, t1)) = ((r1, r0 - q * r1), (t1, t0 - q * t1));
        }
        return r0 == 1
            ? Remainder(t0, classes)
            : throw new ArgumentException($"{a} has no inverse modulo {classes}: both are divisible by {r0}. Expected a number with no factor in common with {classes}.", nameof(a));
    }

    /// <summary>The numbers of 1..K-1 that have an inverse modulo K, rising; all of them if K is prime.</summary>
    /// <param name="classes">K >= 2.</param>
    public static IReadOnlyList<int> Units(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return [.. Enumerable.Range(1, classes - 1).Where(a => GreatestCommonDivisor(a, classes) == 1)];
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private static int Remainder(int a, int classes) => (a % classes + classes) % classes;
}
