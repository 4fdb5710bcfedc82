namespace FlowKit.Distributions;

public abstract partial record Family
{
    /// <summary>F(x; theta) = P(X &lt;= x) of every element, (B, ...).</summary>
    /// <remarks>
    /// <para>Both tails keep their relative precision down to the smallest double, here and in <see cref="Survival"/>; their logarithms go on where they underflow. Computed in float64,
    /// returned in the precision of x and theta. F(-inf) = 0, F(+inf) = 1, F(NaN) is NaN.</para>
    /// <para>Differentiable in x and theta; a discrete family's F is a step function of x, with slope 0.</para>
    /// </remarks>
    /// <param name="x">(B, ...); for a discrete family it need not be a whole number.</param>
    /// <param name="theta">(B, P, ...), or (1, P, ...) for all rows.</param>
    /// <exception cref="NotSupportedException">The family's distribution function is not known here.</exception>
    public Tensor Cdf(Tensor x, Tensor theta) => Tail(x, theta, upper: false, logarithm: false);

    /// <summary>1 - F(x; theta) = P(X > x) of every element, without cancellation.</summary>
    /// <inheritdoc cref="Cdf"/>
    public Tensor Survival(Tensor x, Tensor theta) => Tail(x, theta, upper: true, logarithm: false);

    /// <summary>ln F(x; theta) of every element.</summary>
    /// <inheritdoc cref="Cdf"/>
    public Tensor LogCdf(Tensor x, Tensor theta) => Tail(x, theta, upper: false, logarithm: true);

    /// <summary>ln(1 - F(x; theta)) of every element.</summary>
    /// <inheritdoc cref="Cdf"/>
    public Tensor LogSurvival(Tensor x, Tensor theta) => Tail(x, theta, upper: true, logarithm: true);

    /// <summary>F⁻¹(p; theta) of every element: the x with F(x) = p; for a discrete family the least x of the support with F(x) >= p.</summary>
    /// <remarks>
    /// <para>As exact as x can be in float64, for p as small as doubles go; where p is near 1, <see cref="SurvivalQuantile"/> takes 1 - p, which then has more digits.
    /// The ends of the support at p = 0 and 1; NaN where p is NaN or outside [0, 1].</para>
    /// <para>Differentiable in p and theta, up to the third order where F is; a discrete family's quantiles carry no gradient.</para>
    /// </remarks>
    /// <param name="p">Probabilities, of x's shape (B, ...).</param>
    /// <param name="theta">(B, P, ...), or (1, P, ...) for all rows.</param>
    /// <exception cref="NotSupportedException">The family's distribution function is not known here.</exception>
    public Tensor Quantile(Tensor p, Tensor theta) => Inverse(p, theta, upper: false);

    /// <summary>The x with P(X > x) = q of every element: <see cref="Quantile"/> of 1 - q, exact for small q. For a discrete family the least x with P(X > x) &lt;= q.</summary>
    /// <param name="q">Probabilities of the upper tail, of x's shape (B, ...).</param>
    /// <param name="theta">(B, P, ...), or (1, P, ...) for all rows.</param>
    /// <inheritdoc cref="Quantile"/>
    public Tensor SurvivalQuantile(Tensor q, Tensor theta) => Inverse(q, theta, upper: true);

    /// <summary>ln F(x; theta) and ln(1 - F(x; theta)), each without cancellation. x and theta are float64, x finite.</summary>
    /// <exception cref="NotSupportedException">The family has none.</exception>
    protected internal virtual (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta) => throw NoDistributionFunction();

    /// <summary>The x with F(x) = p, or with 1 - F(x) = p where <paramref name="upper"/>. p and theta are float64, p in [0, 1].</summary>
    /// <exception cref="NotSupportedException">The family has none.</exception>
    protected internal virtual Tensor QuantileCore(Tensor p, Tensor theta, bool upper) => throw NoDistributionFunction();

    /// <summary>What is x at p = 0 and 1, and elsewhere a function of ln(F / (1 - F)), which loses neither tail.</summary>
    private protected static Tensor OfLogit(Tensor p, bool upper, double low, double high, Func<Tensor, Tensor> quantile)
    {
        var (none, all) = (p.eq(0), p.eq(1));
        var inner = p.masked_fill(none.logical_or(all), 0.5);
        var logit = inner.log() - inner.neg().log1p();
        return quantile(upper ? -logit : logit).masked_fill(none, upper ? high : low).masked_fill(all, upper ? low : high);
    }

    private Tensor Tail(Tensor x, Tensor theta, bool upper, bool logarithm) => InChunks(x, theta, (wide, theta) =>
    {
        var (missing, infinite) = (wide.isnan(), wide.isinf());
        var (below, above) = LogTails(wide.masked_fill(missing.logical_or(infinite), 0), theta);
        var logP = (upper ? above : below)
            .masked_fill(infinite.logical_and(upper ? wide.gt(0) : wide.lt(0)), double.NegativeInfinity)
            .masked_fill(infinite.logical_and(upper ? wide.lt(0) : wide.gt(0)), 0)
            .masked_fill(missing, double.NaN);
        return logarithm ? logP : logP.exp();
    });

    private Tensor Inverse(Tensor p, Tensor theta, bool upper) => InChunks(p, theta, (wide, theta) =>
    {
        var none = wide.ge(0).logical_and(wide.le(1)).logical_not();          // NaN too
        return QuantileCore(wide.masked_fill(none, 0.5), theta, upper).masked_fill(none, double.NaN);
    });

    // In float64 and some thousand elements at a time: a tail's integral holds a hundred numbers for each.
    private static Tensor InChunks(Tensor x, Tensor theta, Func<Tensor, Tensor, Tensor> f)
    {
        const long most = 4096;
        using var scope = NewDisposeScope();
        var (wide, wideTheta) = (x.to(float64), theta.to(float64));
        long rows = Math.Max(1, most * x.size(0) / Math.Max(1, x.numel()));
        var parts = new List<Tensor>();
        for (long start = 0; start == 0 || start < x.size(0); start += rows)
        {
            using var part = NewDisposeScope();
            long count = Math.Min(rows, x.size(0) - start);
            parts.Add(part.MoveToOuter(f(wide.narrow(0, start, count), theta.size(0) == x.size(0) ? wideTheta.narrow(0, start, count) : wideTheta)));
        }
        var all = parts.Count == 1 ? parts[0] : cat(parts, dim: 0);
        return scope.MoveToOuter(all.to(x.dtype == float64 ? float64 : theta.dtype));
    }

    private NotSupportedException NoDistributionFunction() => new($"The distribution function of {GetType().Name} is not known here: average (draws <= x) over draws.");
}
