namespace FlowKit.Integration;

/// <summary>Probabilities of whole numbers under a density, P(x) = the integral of p over the cell [x, x + 1)^D, and the divergence of noise in a cell from p(u | x) = p(x + u) / P(x).</summary>
/// <remarks>
/// <para>The bound of a dequantized model with noise q(u | x) misses exactly that divergence: ln P(x) - E_q[ln p(x + u) - ln q(u | x)] = KL(q(u | x) || p(u | x)).
/// Ho et al. 2019, Flow++, arXiv:1902.00275, section 3.1; Theis et al. 2016, arXiv:1511.01844, eq. 3-5, for uniform noise, ln q = 0.</para>
/// <para>By a Gauss-Legendre rule with n nodes in each direction, n^D points a cell: for a few dimensions and for densities that are smooth within each cell.
/// Without gradients; sums are taken in float64.</para>
/// <para>Shapes: x is (N, D), the lower corners of N cells; results are (N), float64, nats. Points have the precision and the device of x; whole numbers become points of the default precision.</para>
/// </remarks>
/// <example><code>
/// // The logistic law of whole numbers, and what uniform noise costs it in each cell.
/// var law = new Logistic().Fixed(location: zeros(1), scale: ones(1));
/// var x = tensor(new[,] { { 0f }, { 3 } });
/// Console.WriteLine(IntegerCells.LogProb(y => law.LogProb(y), x).exp().npstr());                 // => [0.23106, 0.02944]
/// Console.WriteLine((law.Cdf(x + 1) - law.Cdf(x)).flatten().npstr());                            // => [0.23106, 0.02944]
/// var cost = IntegerCells.NoiseDivergence(y => law.LogProb(y), (u, _) => zeros(u.size(0)), x);
/// Console.WriteLine(cost.npstr("F4"));                                                           // => [0.0026, 0.0365]
/// </code></example>
public static class IntegerCells
{
    private const long Batch = 1 << 16, MostNodes = 1 << 20;

    /// <summary>ln P(x), (N): ln of the integral of p over each cell.</summary>
    /// <param name="logDensity">ln p, (B, D) to (B).</param>
    /// <param name="x">The cells' lower corners, (N, D).</param>
    /// <param name="nodes">n >= 1, with n^D at most 2^20.</param>
    /// <exception cref="ArgumentException">x is not (N, D), or the density gives another shape than (B).</exception>
    public static Tensor LogProb(Func<Tensor, Tensor> logDensity, Tensor x, int nodes = 20)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        return EachCell(x, nodes, (u, corners, logWeights) => LogMass(Read(logDensity(corners + u), u, nameof(logDensity)), logWeights));
    }

    /// <summary>KL(q(u | x) || p(u | x)), (N): what a bound with the noise q misses of ln P(x).</summary>
    /// <param name="logDensity">ln p, (B, D) to (B).</param>
    /// <param name="logNoise">ln q of u in (0, 1)^D and x, (B, D) each, to (B).</param>
    /// <param name="x">The cells' lower corners, (N, D).</param>
    /// <param name="nodes">n >= 1, with n^D at most 2^20.</param>
    /// <exception cref="ArgumentException">x is not (N, D), or a density gives another shape than (B).</exception>
    public static Tensor NoiseDivergence(Func<Tensor, Tensor> logDensity, Func<Tensor, Tensor, Tensor> logNoise, Tensor x, int nodes = 20)
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentNullException.ThrowIfNull(logNoise);
        return EachCell(x, nodes, (u, corners, logWeights) =>
        {
            var logP = Read(logDensity(corners + u), u, nameof(logDensity));
            var logQ = Read(logNoise(u, corners), u, nameof(logNoise));
            var terms = (logQ.exp() * (logQ - logP)).masked_fill(logQ.eq(double.NegativeInfinity), 0).view(-1, logWeights.size(0));
            return (terms * logWeights.exp()).sum(1) + LogMass(logP, logWeights);
        });
    }

    private static Tensor LogMass(Tensor logP, Tensor logWeights) => (logP.view(-1, logWeights.size(0)) + logWeights).logsumexp(1);

    private static Tensor Read(Tensor? values, Tensor u, string name)
    {
        var made = Guard.Made(values, name);
        return made.Dimensions == 1 && made.size(0) == u.size(0)
            ? made.to(float64)
            : throw new ArgumentException($"{name} gave shape {Guard.Describe(made)} for {u.size(0)} points; expected ({u.size(0)},).", name);
    }

    // of(u, corners, logWeights): every node of every cell, (cells n^D, D) each, and the logarithms of the rule's weights, (n^D), to one number a cell.
    private static Tensor EachCell(Tensor x, int nodes, Func<Tensor, Tensor, Tensor, Tensor> of)
    {
        Guard.Number(x);
        Guard.Real(x);
        if (x.Dimensions != 2 || x.size(1) == 0) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (N, D), the lower corner of each cell.", nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        if (Math.Pow(nodes, x.size(1)) > MostNodes)
            throw new ArgumentOutOfRangeException(nameof(nodes), nodes, $"{nodes}^{x.size(1)} points a cell are too many; at most {MostNodes} are possible.");

        using var none = no_grad();
        using var scope = NewDisposeScope();
        using var cube = UnitCube(x.size(1), nodes);
        var corners = x.is_floating_point() ? x : x.to(get_default_dtype());
        var (u, logWeights) = (cube.Points().to(corners.dtype).to(x.device), cube.Weights().log().to(x.device));
        long together = Math.Max(1, Batch / u.size(0));
        var parts = new List<Tensor> { empty(0, dtype: float64, device: x.device) };
        for (long start = 0; start < x.size(0); start += together)
        {
            using var part = NewDisposeScope();
            var some = corners.narrow(0, start, Math.Min(together, x.size(0) - start));
            parts.Add(part.MoveToOuter(of(u.repeat(some.size(0), 1), some.repeat_interleave(u.size(0), dim: 0), logWeights)));
        }
        return scope.MoveToOuter(cat([.. parts]));
    }

    private static QuadratureRule UnitCube(long dimensions, int nodes)
    {
        using var side = QuadratureRule.Gauss((0, 1), nodes);
        var cube = QuadratureRule.Gauss((0, 1), nodes);
        for (long d = 1; d < dimensions; d++)
        {
            using var smaller = cube;
            cube = smaller.Times(side);
        }
        return cube;
    }
}
