namespace FlowKit.Inference;

/// <summary>What a simulator's noise needs beyond <see cref="Random"/>.</summary>
/// <example><code>
/// var random = new Random(0);
/// double[] noise = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextNormal())];
/// Console.WriteLine($"{Math.Abs(noise.Average()) &lt; 0.03} {Math.Abs(noise.Average(x => x * x) - 1) &lt; 0.05}");  // => True True
/// </code></example>
public static class RandomNumbers
{
    /// <summary>A draw of N(0, 1). Box, Muller 1958.</summary>
    public static double NextNormal(this Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>A seed of its own for each index: neighbors are not alike.</summary>
    internal static long Seed(long seed, long index)
    {
        ulong z = unchecked((ulong)seed * 0x9E3779B97F4A7C15 + (ulong)index);       // SplitMix64's output function, twice
        for (int i = 0; i < 2; i++)
        {
            z = unchecked(z + 0x9E3779B97F4A7C15);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
            z ^= z >> 31;
        }
        return (long)(z & long.MaxValue);
    }

    /// <summary>A stream of its own for each index.</summary>
    internal static Random Stream(long seed, long index) => new((int)(Seed(seed, index) & int.MaxValue));
}
