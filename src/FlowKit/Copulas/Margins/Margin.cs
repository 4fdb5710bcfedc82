using System.Runtime.CompilerServices;
using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>A continuous law of one number with its distribution function F and quantiles, accurate in both tails: what a copula joins to others (Sklar 1959).</summary>
/// <remarks>
/// <para>Shapes: as a <see cref="Distribution"/> it takes events (B, 1); distribution functions and quantiles take columns, (B) or (B, 1), and give (B), float64. Differentiable in x; infinities have all mass on one side, NaN stays NaN.</para>
/// <para>A subclass writes <see cref="LogTails"/> and <see cref="LogDensity"/>, and overrides <see cref="QuantileCore"/> where it knows the inverse; here it is found numerically. Its numbers stay float64, whichever precision the module is converted to. Those of a fitted margin say how it was made; they are no module state, and <c>save</c> does not write them.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// // A margin of one's own: Gumbel's law of maxima, F(x) = e^(-e^-x).
/// sealed class GumbelMargin() : Margin("GumbelMargin")
/// {
///     protected override (Tensor Below, Tensor Above) LogTails(Tensor x) => (-x.neg().exp(), x.neg().exp().neg().expm1().neg().log());
///
///     protected override Tensor LogDensity(Tensor x) => -x - x.neg().exp();
/// }
///
/// var margin = new GumbelMargin();
/// var x = margin.Quantile(tensor(new[] { 0.5, 0.999 }));
/// Console.WriteLine(x.npstr());                      // => [0.36651, 6.9073]
/// Console.WriteLine(margin.Cdf(x).npstr());          // => [0.5, 0.999]
/// </code></example>
public abstract class Margin : Distribution
{
    /// <summary>A law of one number.</summary>
    /// <param name="name">Of the module.</param>
    protected Margin(string name) : base(name, 1)
    {
    }

    /// <summary>The ends of the support.</summary>
    protected virtual (double Low, double High) Support => (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>F(x) = P(X &lt;= x), (B), float64.</summary>
    /// <param name="x">(B), or (B, 1) as events are.</param>
    /// <exception cref="ArgumentException">It is not a column of real numbers.</exception>
    public Tensor Cdf(Tensor x) => Tail(x, upper: false);

    /// <summary>1 - F(x) = P(X > x), (B), float64, without cancellation.</summary>
    /// <inheritdoc cref="Cdf"/>
    public Tensor Survival(Tensor x) => Tail(x, upper: true);

    /// <summary>F⁻¹(p), (B), float64: the x with F(x) = p. The ends of the support at 0 and 1; NaN outside [0, 1].</summary>
    /// <param name="p">(B), probabilities. Near 1 <see cref="SurvivalQuantile"/> takes 1 - p, which has more digits.</param>
    /// <exception cref="ArgumentException">It is not a column of real numbers.</exception>
    public Tensor Quantile(Tensor p) => Inverse(p, upper: false);

    /// <summary>The x with P(X > x) = q, (B), float64: <see cref="Quantile"/> of 1 - q, exact for small q.</summary>
    /// <param name="q">(B), probabilities of the upper tail.</param>
    /// <exception cref="ArgumentException">It is not a column of real numbers.</exception>
    public Tensor SurvivalQuantile(Tensor q) => Inverse(q, upper: true);

    /// <summary>ln F(x) and ln(1 - F(x)), each without cancellation, (B).</summary>
    /// <param name="x">(B), float64, finite.</param>
    protected abstract (Tensor Below, Tensor Above) LogTails(Tensor x);

    /// <summary>ln f(x), (B), nats; -inf outside the support.</summary>
    /// <param name="x">(B), float64, finite.</param>
    protected abstract Tensor LogDensity(Tensor x);

    /// <summary>The x with F(x) = p, or with 1 - F(x) = p where <paramref name="upper"/>; here by Newton's steps and bisection.</summary>
    /// <param name="p">(B), float64, between 0 and 1.</param>
    /// <param name="upper">Whether p is of the upper tail.</param>
    protected virtual Tensor QuantileCore(Tensor p, bool upper)
    {
        const double far = 1e300;
        var logit = Logit(p, upper);
        return QuantileSolver.Solve(Law, logit, full_like(logit, Math.Max(Support.Low, -far)), full_like(logit, Math.Min(Support.High, far)));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var wide = x.select(1, 0).to(float64);
        var missing = wide.isnan();
        return LogDensity(wide.masked_fill(missing, Inside)).masked_fill(missing, double.NaN).to(x.dtype);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) =>
        QuantileCore(rand(count, dtype: float64, device: Device).clamp(1e-17, 1 - 1.1e-16), upper: false).unsqueeze(1).to(Dtype);

    /// <summary>ln F - ln(1 - F) of a probability of either tail.</summary>
    private protected static Tensor Logit(Tensor p, bool upper) => (p.log() - p.neg().log1p()) * (upper ? -1 : 1);

    /// <summary>ln F, ln(1 - F) and ln f, as <see cref="QuantileSolver"/> reads them.</summary>
    private protected (Tensor Below, Tensor Above, Tensor LogDensity) Law(Tensor x)
    {
        var (below, above) = LogTails(x);
        return (below, above, LogDensity(x));
    }

    /// <summary>The law of another margin, for a margin made from it.</summary>
    private protected static (Tensor Below, Tensor Above, Tensor LogDensity) LawOf(Margin margin, Tensor x) => margin.Law(x);

    /// <summary>The quantile of another margin, for a margin made from it.</summary>
    private protected static Tensor QuantileOf(Margin margin, Tensor p, bool upper) => margin.QuantileCore(p, upper);

    /// <summary>Fixed numbers as a tensor where x is, float64.</summary>
    private protected static Tensor Numbers(double[] values, Tensor like) => tensor(values, dtype: float64, device: like.device);

    private Tensor Tail(Tensor x, bool upper)
    {
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var wide = Column(x, nameof(x));
        var (missing, infinite) = (wide.isnan(), wide.isinf());
        var (below, above) = LogTails(wide.masked_fill(missing.logical_or(infinite), Inside));
        return scope.MoveToOuter((upper ? above : below).exp()
            .masked_fill(infinite.logical_and(wide.gt(0)), upper ? 0 : 1)
            .masked_fill(infinite.logical_and(wide.lt(0)), upper ? 1 : 0)
            .masked_fill(missing, double.NaN));
    }

    private Tensor Inverse(Tensor p, bool upper, [CallerArgumentExpression(nameof(p))] string name = "")
    {
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var wide = Column(p, name);
        var (none, all) = (wide.eq(0), wide.eq(1));
        var inside = wide.gt(0).logical_and(wide.lt(1));
        return scope.MoveToOuter(QuantileCore(wide.masked_fill(inside.logical_not(), 0.5), upper)
            .masked_fill(inside.logical_not(), double.NaN)
            .masked_fill(none, upper ? Support.High : Support.Low)
            .masked_fill(all, upper ? Support.Low : Support.High));
    }

    // Some number of the support, in place of those that are none.
    private double Inside => double.IsFinite(Support.Low) ? double.IsFinite(Support.High) ? (Support.Low + Support.High) / 2 : Support.Low + 1 : double.IsFinite(Support.High) ? Support.High - 1 : 0;

    private static Tensor Column(Tensor x, string name)
    {
        Guard.Alive(x, name);
        Guard.Real(x, name);
        return x.Dimensions == 1 ? x.to(float64)
            : x.Dimensions == 2 && x.size(1) == 1 ? x.select(1, 0).to(float64)
            : throw new ArgumentException($"{name} has shape {Guard.Describe(x)}; expected a column, (B) or (B, 1).", name);
    }
}
