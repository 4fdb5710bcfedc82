namespace FlowKit.Data;

/// <summary>Sums of two numbers of D decimal digits, given the two: every sum has 0 nats, and the order of its digits decides how easily a model sees that.</summary>
/// <remarks>
/// Tran et al. 2019, arXiv:1905.10347, section 5.2. Operands are uniform on 0..10^D - 1; the sum is taken modulo 10^D, as the paper drops its digit D + 1.
/// Shapes: sums are (N, D), digits with the most significant first; operands (N, D, 20) hold the one-hot codes of both operands' digits at each place.
/// </remarks>
/// <example><code>
/// var (sums, operands) = Addition.Draw(count: 1000, digits: 4, seed: 0);
/// long Number(Tensor digits) => digits.data&lt;long>().ToArray().Aggregate(0L, (value, digit) => 10 * value + digit);
/// var (a, b) = (Number(operands[0].narrow(1, 0, 10).argmax(1)), Number(operands[0].narrow(1, 10, 10).argmax(1)));
/// Console.WriteLine((a + b) % 10_000 == Number(sums[0].to(int64)));                  // => True
/// Console.WriteLine($"{Addition.LeftToRightEntropy(10):F4}");                        // => 5.6793
/// </code></example>
public static class Addition
{
    private const int Base = 10;

    /// <summary>Sums of operands drawn uniformly, the same for the same seed on every machine.</summary>
    /// <param name="count">N >= 0.</param>
    /// <param name="digits">D >= 1.</param>
    /// <param name="seed">Of the draw.</param>
    public static (Tensor Sums, Tensor Operands) Draw(long count, int digits, int seed)
    {
        Guard.Size(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        var random = new Random(seed);
        float[] sums = new float[count * digits], operands = new float[count * digits * 2 * Base];
        for (long n = 0; n < count; n++)
        {
            int carry = 0;
            for (long place = (n + 1) * digits - 1; place >= n * digits; place--)
            {
                var (a, b) = (random.Next(Base), random.Next(Base));
                operands[place * 2 * Base + a] = operands[(place * 2 + 1) * Base + b] = 1;
                sums[place] = (a + b + carry) % Base;
                carry = (a + b + carry) / Base;
            }
        }
        return (tensor(sums, [count, digits], dtype: float32, device: CPU), tensor(operands, [count, digits, 2 * Base], dtype: float32, device: CPU));
    }

    /// <summary>The nats of a sum for a model that reads everything from left to right: each digit given the operands' digits, and those of the sum, at its own and more significant places.</summary>
    /// <remarks>
    /// It misses the carry c_i into place i, which is 1 with probability (1 - 10^-i) / 2, independent of all it reads, except where a_i + b_i = 9, which passes the carry on to a digit it has seen:
    /// h(c_(D-1)) + 0.9 times the sum of the others' h(c_i), with h the entropy of a coin.
    /// </remarks>
    /// <param name="digits">D >= 1.</param>
    public static double LeftToRightEntropy(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        return Enumerable.Range(0, digits).Sum(place => (place == digits - 1 ? 1 : 0.9) * Coin((1 - Math.Pow(Base, -place)) / 2));

        static double Coin(double p) => p == 0 ? 0 : -p * Math.Log(p) - (1 - p) * Math.Log(1 - p);
    }
}
