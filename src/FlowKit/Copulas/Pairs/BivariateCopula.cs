using System.Runtime.CompilerServices;
using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>A law of (u, v) on the unit square with uniform margins, with its distribution function and conditional laws: what stands on an edge of a vine.</summary>
/// <remarks>
/// <para>Shapes: x is (B, 2), its columns u and v; log-densities (B), in nats. Distribution functions and their inverses are computed and returned in float64. Outside the unit square the log-density is -inf.</para>
/// <para>Joe 2014, Dependence Modeling with Copulas. <see cref="PairCopula"/> is a member of a family, <see cref="KernelCopula"/> an estimate without one, and <see cref="PairFit"/> fits both.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// BivariateCopula copula = new PairCopula(new Frank(), 5.0);
/// var x = tensor(new[,] { { 0.2, 0.6 } });
/// var p = copula.GivenFirst(x);                                   // P(V &lt;= 0.6 | U = 0.2)
/// Console.WriteLine(copula.InverseGivenFirst(p, x.select(1, 0)).npstr());     // => [0.6]
/// </code></example>
public abstract class BivariateCopula : Distribution
{
    /// <summary>A law on the unit square.</summary>
    /// <param name="name">Of the module.</param>
    protected BivariateCopula(string name) : base(name, 2)
    {
    }

    /// <summary>Kendall's tau, in [-1, 1].</summary>
    public abstract double Tau { get; }

    /// <summary>Tail dependence: the limits of P(U &lt;= q | V &lt;= q) for q to 0, and of P(U > q | V > q) for q to 1.</summary>
    public abstract (double Lower, double Upper) TailDependence { get; }

    /// <summary>How many parameters were fitted, as AIC and BIC count them; for a kernel estimate the effective number.</summary>
    public abstract double DegreesOfFreedom { get; }

    /// <summary>C(u, v) = P(U &lt;= u, V &lt;= v), (B), float64.</summary>
    /// <param name="x">(B, 2), in [0, 1].</param>
    public Tensor Cdf(Tensor x) => OfPairs(x, (u, v) => minimum(maximum(CdfCore(u, v), (u + v - 1).clamp_min(0)), minimum(u, v)));         // what rounding may leave

    /// <summary>P(U &lt;= u | V = v), (B), float64: the first number's rank given the second.</summary>
    /// <param name="x">(B, 2), in [0, 1].</param>
    public Tensor GivenSecond(Tensor x) => OfPairs(x, GivenSecondCore);

    /// <summary>P(V &lt;= v | U = u), (B), float64: the second number's rank given the first.</summary>
    /// <param name="x">(B, 2), in [0, 1].</param>
    public Tensor GivenFirst(Tensor x) => OfPairs(x, GivenFirstCore);

    /// <summary>The u with P(U &lt;= u | V = v) = p, (B), float64.</summary>
    /// <param name="p">(B), in (0, 1).</param>
    /// <param name="v">(B), in (0, 1).</param>
    public Tensor InverseGivenSecond(Tensor p, Tensor v) => OfTwo(p, v, InverseGivenSecondCore);

    /// <summary>The v with P(V &lt;= v | U = u) = p, (B), float64.</summary>
    /// <param name="p">(B), in (0, 1).</param>
    /// <param name="u">(B), in (0, 1).</param>
    public Tensor InverseGivenFirst(Tensor p, Tensor u) => OfTwo(p, u, InverseGivenFirstCore);

    /// <summary>ln c(u, v) of numbers in [0, 1], (B), float64.</summary>
    protected abstract Tensor LogDensityCore(Tensor u, Tensor v);

    /// <summary>The mathematics of <see cref="Cdf"/>.</summary>
    protected abstract Tensor CdfCore(Tensor u, Tensor v);

    /// <summary>The mathematics of <see cref="GivenSecond"/>.</summary>
    protected abstract Tensor GivenSecondCore(Tensor u, Tensor v);

    /// <summary>The mathematics of <see cref="GivenFirst"/>.</summary>
    protected abstract Tensor GivenFirstCore(Tensor u, Tensor v);

    /// <summary>The mathematics of <see cref="InverseGivenSecond"/>.</summary>
    protected abstract Tensor InverseGivenSecondCore(Tensor p, Tensor v);

    /// <summary>The mathematics of <see cref="InverseGivenFirst"/>.</summary>
    protected abstract Tensor InverseGivenFirstCore(Tensor p, Tensor u);

    /// <summary>ln c(u, v) and, where wanted, P(U &lt;= u | V = v) and P(V &lt;= v | U = u) at once, so that what they share is computed one time.</summary>
    internal virtual (Tensor LogDensity, Tensor? First, Tensor? Second) Joint(Tensor u, Tensor v, bool first, bool second) =>
        (LogDensityCore(u, v), first ? GivenSecondCore(u, v) : null, second ? GivenFirstCore(u, v) : null);

    /// <summary>The number with rank p given the other: the first, or the second.</summary>
    internal Tensor Inverse(Tensor p, Tensor given, bool first) => first ? InverseGivenSecondCore(p, given) : InverseGivenFirstCore(p, given);

    /// <inheritdoc/>
    protected sealed override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var outside = x.lt(0).logical_or(x.gt(1)).any(1);
        var (u, v) = Columns(x);
        return LogDensityCore(u, v).masked_fill(outside, double.NegativeInfinity).masked_fill(x.isnan().any(1), double.NaN).to(x.dtype);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var uniform = rand(count, 2, dtype: float64, device: Device);
        var v = uniform.select(1, 1);
        return UnitDraws.In(stack([InverseGivenSecondCore(uniform.select(1, 0), v), v], dim: 1), Dtype);
    }

    private Tensor OfPairs(Tensor x, Func<Tensor, Tensor, Tensor> f)
    {
        Guard.Batch(x, EventShape);
        Guard.Real(x);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        var (u, v) = Columns(x);
        return scope.MoveToOuter(f(u, v));
    }

    private static Tensor OfTwo(Tensor p, Tensor given, Func<Tensor, Tensor, Tensor> f, [CallerArgumentExpression(nameof(given))] string name = "")
    {
        Guard.Alive(p);
        Guard.Alive(given, name);
        Guard.Real(p);
        Guard.Real(given, name);
        if (p.dim() != 1 || given.dim() != 1 || p.size(0) != given.size(0))
            throw new ArgumentException($"p and {name} are two columns of one length, (B); p has {p.shape.Length} dimensions and {p.numel()} numbers, {name} {given.shape.Length} and {given.numel()}.", name);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(f(p.to(float64), given.to(float64)));
    }

    private static (Tensor U, Tensor V) Columns(Tensor x) => (x.select(1, 0).to(float64), x.select(1, 1).to(float64));
}
