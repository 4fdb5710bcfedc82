namespace FlowKit.Inference;

/// <summary>The nearest-neighbor two-sample test: how often the nearest of all other draws is of the same sample. 1/2 where both come from one law; above where they are apart, below where one repeats the other.</summary>
/// <remarks>The leave-one-out accuracy of a one-nearest-neighbor classifier (Lopez-Paz, Oquab 2017, arXiv:1610.06545; as a measure of generative models Xu et al. 2018, arXiv:1806.07755). The p-value is that of random relabelings, which
/// keep the neighbors and is exact for samples of any size. Distances are Euclidean over all numbers of an event: bring them to one scale first.</remarks>
/// <example><code>
/// manual_seed(0);
/// TwoSampleTest same = NearestNeighborTest.Of(randn(500, 2), randn(500, 2)), other = NearestNeighborTest.Of(randn(500, 2), randn(500, 2) + 2);
/// Console.WriteLine($"{same.Statistic:F1} {same.PValue > 0.01}");            // => 0.5 True
/// Console.WriteLine($"{other.Statistic > 0.7} {other.PValue &lt; 0.01}");   // => True True
/// </code></example>
public static class NearestNeighborTest
{
    private const long Block = 512;

    /// <summary>Whether two samples come from one law. The statistic is the share of draws, of both samples alike, whose nearest neighbor is of their own sample.</summary>
    /// <remarks>p = (1 + relabelings whose share is at least as far from its mean) / (1 + relabelings), two-sided. Torch's random stream is neither used nor moved. Time grows as n², memory as n.</remarks>
    /// <param name="x">(n, ...), finite, n >= 2, independent draws.</param>
    /// <param name="y">(n, ...), finite, as many independent draws of the same events.</param>
    /// <param name="permutations">How many relabelings, >= 1; the smallest p-value is 1 / (1 + permutations).</param>
    /// <param name="seed">Chooses them.</param>
    /// <exception cref="ArgumentException">A sample has fewer than 2 draws or one that is not finite, or the two do not fit each other or differ in number.</exception>
    public static TwoSampleTest Of(Tensor x, Tensor y, int permutations = 999, int seed = 0)
    {
        Guard.Number(x);
        Guard.Number(y);
        if (x.Dimensions < 2 || x.size(0) < 2 || x.numel() == 0) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (n, ...) with n >= 2 draws of at least one number.", nameof(x));
        if (!y.shape.SequenceEqual(x.shape)) throw new ArgumentException($"y has shape {Guard.Describe(y)}; expected that of x, {Guard.Describe(x)}: unequal numbers of draws would favor the larger sample.", nameof(y));
        Guard.Finite(x);
        Guard.Finite(y);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);

        long[] nearest = Nearest(x, y);
        var labels = new bool[nearest.Length];
        labels.AsSpan(0, nearest.Length / 2).Fill(true);
        int same = Same();
        // Of n draws of each sample, one's neighbor is of its own with probability (n - 1) / (2n - 1).
        double mean = nearest.Length * (nearest.Length / 2 - 1.0) / (nearest.Length - 1);
        var random = new Random(seed);
        int asFar = 0;
        for (int k = 0; k < permutations; k++)
        {
            random.Shuffle(labels);
            if (Math.Abs(Same() - mean) >= Math.Abs(same - mean) - 1e-9) asFar++;
        }
        return new((double)same / nearest.Length, (1.0 + asFar) / (1 + permutations));

        int Same()
        {
            int count = 0;
            for (int i = 0; i < nearest.Length; i++)
                if (labels[i] == labels[nearest[i]]) count++;
            return count;
        }
    }

    // The nearest of the others, for every draw of x and then of y.
    private static long[] Nearest(Tensor x, Tensor y)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var all = cat([x.detach().cpu().flatten(1).to(float64), y.detach().cpu().flatten(1).to(float64)], dim: 0);
        all = all - all.mean([0]);                                          // distances of numbers far from 0 lose digits
        var nearest = new List<long>();
        for (long start = 0; start < all.size(0); start += Block)
        {
            using var block = NewDisposeScope();
            var distance = cdist(all.narrow(0, start, Math.Min(Block, all.size(0) - start)), all, p: 2);
            distance.diagonal(start, 0, 1).fill_(double.PositiveInfinity);
            nearest.AddRange(distance.argmin(1).data<long>());
        }
        return [.. nearest];
    }
}
