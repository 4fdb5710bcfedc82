namespace FlowKit.Data;

/// <summary>Simple models of integer images that a flow has to beat, exact and fitted in one pass.</summary>
/// <remarks>Shapes: images are (N, D), integers 0..K-1 in any dtype. Results are means of -ln P(x) over the test images, in nats per image; see <see cref="Estimate.InBitsPerDimension"/>.</remarks>
/// <example><code>
/// var (train, _, test) = Digits.Split();
/// var independent = Baselines.Histogram(train.Images, test.Images, Digits.Levels).InBitsPerDimension(Digits.Pixels);
/// var neighbors = Baselines.MarkovChain(train.Images, test.Images, Digits.Levels).InBitsPerDimension(Digits.Pixels);
/// Console.WriteLine($"{independent}, {neighbors} bits/dim");  // => 2.3990 ± 0.0097, 2.6711 ± 0.0117 bits/dim
/// </code></example>
public static class Baselines
{
    /// <summary>Each pixel its own histogram, all independent. Counts are smoothed by Laplace's rule with <paramref name="pseudoCount"/>, so that no level has probability 0.</summary>
    /// <param name="train">(N, D).</param>
    /// <param name="test">(M, D).</param>
    /// <param name="levels">K >= 2.</param>
    /// <param name="pseudoCount">Added to each count, > 0.</param>
    /// <exception cref="ArgumentException">The two differ in D, one is empty, or a value is not an integer in 0..K-1.</exception>
    public static Estimate Histogram(Tensor train, Tensor test, int levels, double pseudoCount = 1)
    {
        if (!(pseudoCount > 0)) throw new ArgumentOutOfRangeException(nameof(pseudoCount), pseudoCount, "Expected a number > 0.");
        using var scope = NewDisposeScope();
        var (x, y) = Integers(train, test, levels);
        var counts = zeros([x.size(1), levels], dtype: float64, device: x.device);
        counts.scatter_add_(1, x.transpose(0, 1), ones_like(x.transpose(0, 1), dtype: float64));
        var logP = ((counts + pseudoCount) / (x.size(0) + pseudoCount * levels)).log();          // (D, K)
        return Estimate.Of(-logP.gather(1, y.transpose(0, 1)).sum(dim: 0));
    }

    /// <summary>A Markov chain of order 1 over the pixels, row by row: one table P(b | a) for the whole image, and P(b) for the first pixel. Counts are smoothed as in <see cref="Histogram"/>.</summary>
    /// <param name="train">(N, D).</param>
    /// <param name="test">(M, D).</param>
    /// <param name="levels">K >= 2.</param>
    /// <param name="pseudoCount">Added to each count, > 0.</param>
    /// <exception cref="ArgumentException">The two differ in D, one is empty, or a value is not an integer in 0..K-1.</exception>
    public static Estimate MarkovChain(Tensor train, Tensor test, int levels, double pseudoCount = 1)
    {
        if (!(pseudoCount > 0)) throw new ArgumentOutOfRangeException(nameof(pseudoCount), pseudoCount, "Expected a number > 0.");
        using var scope = NewDisposeScope();
        var (x, y) = Integers(train, test, levels);
        var counts = Pairs(x).flatten().bincount(null, minlength: (levels + 1L) * levels).to(float64).reshape(levels + 1, levels) + pseudoCount;
        var logP = (counts / counts.sum(1, keepdim: true)).log().flatten();                       // ((K + 1) K)
        return Estimate.Of(-logP.index_select(0, Pairs(y).flatten()).reshape(y.shape).sum(1));

        // b and what stands before it, as one number; before the first pixel stands a level of its own, K.
        Tensor Pairs(Tensor images) => cat([full_like(images.narrow(1, 0, 1), levels), images.narrow(1, 0, images.size(1) - 1)], dim: 1) * levels + images;
    }

    /// <summary>One Gaussian for the dequantized images (x + u) / K, fitted by maximum likelihood and evaluated as a bound with one draw of u.</summary>
    /// <param name="train">(N, D).</param>
    /// <param name="test">(M, D).</param>
    /// <param name="levels">K >= 2.</param>
    /// <param name="full">Whether the covariance is full, or diagonal.</param>
    /// <exception cref="ArgumentException">The two differ in D, one is empty, a value is not an integer in 0..K-1, or the training images are too few for a covariance.</exception>
    public static Estimate Gaussian(Tensor train, Tensor test, int levels, bool full)
    {
        using var scope = NewDisposeScope();
        var (x, y) = Integers(train, test, levels);
        var (u, v) = (Dequantize(x), Dequantize(y));
        var centered = u - u.mean([0]);
        var covariance = centered.transpose(0, 1).mm(centered) / u.size(0);
        if (!full) covariance = covariance.diag().diag();

        if (linalg.eigvalsh(covariance).min().ToDouble() <= 0)
            throw new ArgumentException($"{x.size(0)} images do not determine a covariance of {x.size(1)} pixels; the covariance is singular.", nameof(train));
        var l = linalg.cholesky(covariance);
        var white = linalg.solve_triangular(l, (v - u.mean([0])).transpose(0, 1), upper: false);  // (D, M)
        double constant = l.diag().log().sum().ToDouble() + y.size(1) * (Math.Log(2 * Math.PI) / 2 + Math.Log(levels));
        return Estimate.Of(white.square().sum(dim: 0) * 0.5 + constant);

        Tensor Dequantize(Tensor images) => (images.to(float64) + rand_like(images, dtype: float64)) / levels;
    }

    private static (Tensor Train, Tensor Test) Integers(Tensor train, Tensor test, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        Guard.Batch(train, [-1]);
        Guard.Batch(test, [train.size(1)]);
        return (Check(train, nameof(train)), Check(test, nameof(test)));

        Tensor Check(Tensor images, string name)
        {
            if (images.size(0) == 0) throw new ArgumentException($"{name} is empty: expected at least one image.", name);
            var integers = images.to(int64);
            bool fits = integers.ge(0).logical_and(integers.lt(levels)).all().ToBoolean() && images.eq(integers).all().ToBoolean();
            return fits ? integers : throw new ArgumentException($"{name} holds values other than the integers 0..{levels - 1}.", name);
        }
    }
}
