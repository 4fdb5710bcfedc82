namespace FlowKit.Inference;

/// <summary>Maximum mean discrepancy: how far the laws of two samples are apart, MMD² = E k(x, x') + E k(y, y') - 2 E k(x, y). It needs draws of both and no density.</summary>
/// <remarks>
/// <para>The kernel is a sum of inverse multiquadratics, k(a, b) = sum over widths h of 1 / (1 + |a - b|² / h²). Its tails are heavy, so that samples which are far apart still attract each other: an invertible network
/// learns its latent law and its posterior by it (Ardizzone et al. 2019, arXiv:1808.04730). It is characteristic: MMD is 0 for equal laws only.</para>
/// <para>Shapes: samples are (n, ...) and (m, ...) with events of one shape, n and m >= 2. Distances are Euclidean over all numbers of an event: bring them to one scale first, and choose widths between the distances
/// of neighbors and those across the sample.</para>
/// <para>Gretton et al. 2012, A kernel two-sample test, Journal of Machine Learning Research 13, eq. 3 (unbiased) and 5 (biased). Time and memory grow as (n + m)²; the test needs memory for some
/// rows only.</para>
/// </remarks>
/// <example><code>
/// // A network that learns the moons by nothing but draws.
/// manual_seed(0);
/// var moons = new TwoMoons();
/// var net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 2));
/// double Distance() { using (no_grad()) return Mmd.Unbiased(net.forward(randn(1000, 2)), moons.Sample(1000)).ToDouble(); }
///
/// double before = Distance();
/// Trainer.Fit(net, () => Mmd.Unbiased(net.forward(randn(256, 2)), moons.Sample(256)), new() { Steps = 200, LearningRate = 1e-2 });
/// Console.WriteLine(Distance() &lt; before / 4);  // => True
/// </code></example>
public static class Mmd
{
    private const long Block = 1024;

    /// <summary>The widths h that are taken where none are given: 0.05, 0.2 and 0.9, for data of unit scale.</summary>
    public static IReadOnlyList<double> Widths { get; } = [0.05, 0.2, 0.9];

    /// <summary>The unbiased estimate of MMD², a scalar with gradients: the means of the kernel over pairs of different draws of x, of y, minus twice that over pairs of one each. Around 0, also below, for equal laws.</summary>
    /// <remarks>NaN in, NaN out, so that a training can say in which step it came.</remarks>
    /// <param name="x">(n, ...), floating-point, n >= 2.</param>
    /// <param name="y">(m, ...), of the same events and precision, m >= 2.</param>
    /// <param name="widths">Widths h > 0 of the kernels that are added; null for <see cref="Widths"/>.</param>
    /// <param name="isPaired">Whether x_i and y_i may depend on each other, as where both contain the same observation: the pairs (x_i, y_i) are left out then, as in lemma 6 of the paper, and n = m.</param>
    /// <exception cref="ArgumentException">A sample has fewer than 2 draws, the two do not fit each other, or a width is not > 0.</exception>
    public static Tensor Unbiased(Tensor x, Tensor y, IReadOnlyList<double>? widths = null, bool isPaired = false)
    {
        double[] h = Check(x, y, widths);
        if (isPaired && x.size(0) != y.size(0)) throw new ArgumentException($"y has {y.size(0)} rows; expected {x.size(0)}, as x has and the two are paired.", nameof(y));
        using var scope = NewDisposeScope();
        var (a, b) = Centered(x, y);
        return scope.MoveToOuter(OffDiagonal(Kernel(a, a, h)) + OffDiagonal(Kernel(b, b, h)) - (isPaired ? OffDiagonal(Kernel(a, b, h)) : Kernel(a, b, h).mean()) * 2);

        static Tensor OffDiagonal(Tensor k) => (k.sum() - k.diagonal(0, 0, 1).sum()) / ((double)k.size(0) * (k.size(0) - 1));
    }

    /// <summary>The biased estimate of MMD², a scalar with gradients: the squared distance of the two samples' mean embeddings, all pairs counted. It is >= 0, 0 for identical samples, and about K (1/n + 1/m) too large, K the number of widths.</summary>
    /// <inheritdoc cref="Unbiased"/>
    public static Tensor Biased(Tensor x, Tensor y, IReadOnlyList<double>? widths = null)
    {
        double[] h = Check(x, y, widths);
        using var scope = NewDisposeScope();
        var (a, b) = Centered(x, y);
        return scope.MoveToOuter(Kernel(a, a, h).mean() + Kernel(b, b, h).mean() - Kernel(a, b, h).mean() * 2);
    }

    /// <summary>Whether two samples come from one law. The statistic is the unbiased MMD²; the p-value is that of random relabelings of the pooled draws, which is exact for samples of any size.</summary>
    /// <remarks>p = (1 + relabelings with an MMD² at least as large) / (1 + relabelings), so that P(p &lt;= a) &lt;= a under one law (Phipson, Smyth 2010, arXiv:1603.05766). Torch's random stream is neither used nor moved.</remarks>
    /// <param name="x">(n, ...), finite, n >= 2, independent draws.</param>
    /// <param name="y">(m, ...), finite, m >= 2, independent draws of the same events.</param>
    /// <param name="widths">Widths h > 0 of the kernels that are added; null for <see cref="Widths"/>.</param>
    /// <param name="permutations">How many relabelings, >= 1; the smallest p-value is 1 / (1 + permutations).</param>
    /// <param name="seed">Chooses them.</param>
    /// <exception cref="ArgumentException">A sample has fewer than 2 draws or one that is not finite, the two do not fit each other, or a width is not > 0.</exception>
    public static TwoSampleTest Test(Tensor x, Tensor y, IReadOnlyList<double>? widths = null, int permutations = 999, int seed = 0)
    {
        double[] h = Check(x, y, widths);
        Guard.Finite(x);
        Guard.Finite(y);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (a, b) = Centered(x.detach().to(float64).cpu(), y.detach().to(float64).cpu());
        var all = cat([a, b], dim: 0);
        double n = a.size(0), m = b.size(0);
        var first = Relabelings((int)n, (int)m, permutations, seed);          // (n + m, 1 + permutations), 1 for a draw that counts as one of x
        var (own, any) = (zeros(permutations + 1, dtype: float64, device: CPU), zeros(permutations + 1, dtype: float64, device: CPU));
        double total = 0;
        for (long start = 0; start < all.size(0); start += Block)
        {
            using var block = NewDisposeScope();
            long rows = Math.Min(Block, all.size(0) - start);
            var k = Kernel(all.narrow(0, start, rows), all, h);
            k.diagonal(start, 0, 1).zero_();
            var members = first.narrow(0, start, rows);
            own.add_((members * k.mm(first)).sum(dim: 0));                    // pairs of two draws of x
            any.add_((members * k.sum(1, keepdim: true)).sum(dim: 0));        // pairs of a draw of x and any
            total += k.sum().ToDouble();
        }
        var across = any - own;
        double[] squares = (own / (n * (n - 1)) + (any * -2 + own + total) / (m * (m - 1)) - across * (2 / (n * m))).data<double>().ToArray();
        double rounding = 1e-12 * h.Length;                                   // of a relabeling that is the given one in another order
        return new(squares[0], (1.0 + squares.Skip(1).Count(square => square >= squares[0] - rounding)) / (1 + permutations));
    }

    private static Tensor Relabelings(int n, int m, int permutations, int seed)
    {
        double[] labels = [.. Enumerable.Repeat(1.0, n), .. new double[m]], all = new double[(permutations + 1L) * (n + m)];
        var random = new Random(seed);
        for (int row = 0; row <= permutations; row++)
        {
            labels.CopyTo(all, row * (long)labels.Length);
            random.Shuffle(labels);
        }
        return tensor(all, [permutations + 1, n + m], dtype: float64, device: CPU).t();
    }

    // The draws relative to one point: the kernel does not change, and squares of distances lose less to rounding.
    private static (Tensor X, Tensor Y) Centered(Tensor x, Tensor y)
    {
        var center = y.detach().mean([0]);
        return ((x - center).flatten(1), (y - center).flatten(1));
    }

    // k(a_i, b_j), (n, m).
    private static Tensor Kernel(Tensor a, Tensor b, double[] widths)
    {
        var square = (a.square().sum(1, keepdim: true) + b.square().sum(1) - a.mm(b.t()) * 2).clamp_min(0);
        var k = (square / (widths[0] * widths[0]) + 1).reciprocal();
        foreach (double h in widths.Skip(1)) k = k + (square / (h * h) + 1).reciprocal();
        return k;
    }

    private static double[] Check(Tensor x, Tensor y, IReadOnlyList<double>? widths)
    {
        Guard.Number(x);
        Guard.Number(y);
        Guard.Floating(x, nameof(Mmd), float32);
        Guard.Floating(y, nameof(Mmd), float32);
        if (x.Dimensions < 2 || x.size(0) < 2 || x.numel() == 0) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (n, ...) with n >= 2 draws of at least one number.", nameof(x));
        if (y.Dimensions < 2 || y.size(0) < 2 || !y.shape[1..].SequenceEqual(x.shape[1..]))
            throw new ArgumentException($"y has shape {Guard.Describe(y)}; expected {Guard.Describe(["m", .. x.shape[1..].Select(size => $"{size}")])} with m >= 2 draws, as x has shape {Guard.Describe(x)}.", nameof(y));
        if (y.dtype != x.dtype || y.device_type != x.device_type)
            throw new ArgumentException($"y is {Guard.Name(y.dtype)} on {y.device_type.ToString().ToLowerInvariant()}; expected {Guard.Name(x.dtype)} on {x.device_type.ToString().ToLowerInvariant()}, as x is.", nameof(y));
        double[] all = [.. widths ?? Widths];
        return all.Length > 0 && all.All(h => h > 0 && double.IsFinite(h))
            ? all
            : throw new ArgumentException($"widths is ({string.Join(", ", all)}); expected at least one, each finite and > 0.", nameof(widths));
    }
}
