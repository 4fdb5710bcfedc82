namespace FlowKit;

/// <summary>From nats to bits per dimension.</summary>
/// <example><code>
/// // NICE on MNIST: 1980.50 nats in [0, 1]^784, pixels of 256 levels.
/// Console.WriteLine($"{Bits.PerDimension(1980.50, dimensions: 784, levels: 256):F4}");  // => 4.3555
/// // P(x) = 2^-64 for 64 binary pixels.
/// Console.WriteLine(Bits.PerDimension(-64 * Math.Log(2), dimensions: 64));              // => 1
/// </code></example>
public static class Bits
{
    /// <summary>-ln P(x) / (D ln 2) for a probability of a discrete x, or a log-likelihood bound of it (through a dequantization layer).</summary>
    /// <param name="logProb">ln P(x) or its mean, nats.</param>
    /// <param name="dimensions">D = H W C, >= 1.</param>
    public static double PerDimension(double logProb, long dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        return -logProb / (dimensions * Math.Log(2));
    }

    /// <summary>The same for a density over (x + u) / K in [0, 1)^D, u uniform: adds log2 K for the width of a cell.</summary>
    /// <remarks>NICE's 1980.50 nats on MNIST scaled to [0, 1], D = 784, K = 256, are 4.3555 bits/dim.</remarks>
    /// <param name="logDensity">ln p or its mean, nats.</param>
    /// <param name="dimensions">D = H W C, >= 1.</param>
    /// <param name="levels">K >= 2, 256 for 8-bit data.</param>
    public static double PerDimension(double logDensity, long dimensions, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        return PerDimension(logDensity, dimensions) + Math.Log2(levels);
    }
}
