using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>A member of a <see cref="PairFamily"/> with fixed parameters, turned by 0, 90, 180 or 270 degrees: the law of (u, v) on the unit square, with uniform margins.</summary>
/// <remarks>
/// <para>Shapes: x is (B, 2), its columns u and v; log-densities (B), in nats. Turned by 180 degrees, c(1 - u, 1 - v), the tails change places; by 90, c(1 - u, v), and by 270, c(u, 1 - v), the dependence changes its sign.</para>
/// <para>The h-functions and the distribution function are float64. Outside the unit square the log-density is -inf.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var crash = new PairCopula(new Clayton(), 2.0);
/// var x = crash.to(float64).Sample(100_000);
/// Console.WriteLine($"{x.lt(0.05).all(1).to(float64).mean().ToDouble() / 0.05:F1}");    // => 0.7
/// Console.WriteLine($"{new PairCopula(new Clayton(), 2.0) { Rotation = 90 }.Tau:F1}");     // => -0.5
/// </code></example>
public sealed class PairCopula : Distribution
{
    /// <summary>A member that is not turned.</summary>
    /// <param name="family">The family.</param>
    /// <param name="theta">Its parameters, each within its range.</param>
    /// <exception cref="ArgumentException">The number of parameters is wrong, or one is outside its range.</exception>
    public PairCopula(PairFamily family, params double[] theta) : base(nameof(PairCopula), 2)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(theta);
        if (theta.Length != family.Parameters.Count)
            throw new ArgumentException($"{family.GetType().Name} has {family.Parameters.Count} parameters ({string.Join(", ", family.Parameters.Select(parameter => parameter.Name))}); got {theta.Length}.", nameof(theta));
        foreach (var (value, parameter) in theta.Zip(family.Parameters))
            if (!(value >= parameter.Low && value <= parameter.High))
                throw new ArgumentException($"{family.GetType().Name}: expected {parameter.Name} in [{parameter.Low}, {parameter.High}]; it was {value}.", nameof(theta));

        (Family, Theta) = (family, [.. theta]);
        RegisterComponents();
    }

    /// <summary>The family.</summary>
    public PairFamily Family { get; }

    /// <summary>0, 90, 180 or 270 degrees, against the clock.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public int Rotation
    {
        get;
        init => field = value is 0 or 90 or 180 or 270 ? value : throw new ArgumentOutOfRangeException(nameof(Rotation), value, "Expected 0, 90, 180 or 270 degrees.");
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<double> Theta { get; }

    /// <summary>Kendall's tau, in [-1, 1].</summary>
    public double Tau => Family.Tau([.. Theta]) * (Rotation is 90 or 270 ? -1 : 1);

    /// <summary>Tail dependence: the limits of P(U &lt;= q | V &lt;= q) for q to 0, and of P(U > q | V > q) for q to 1. Turned by 90 or 270 degrees it has none of either kind.</summary>
    public (double Lower, double Upper) TailDependence => Family.TailDependence([.. Theta]) switch
    {
        var tails when Rotation == 0 => tails,
        var (lower, upper) when Rotation == 180 => (upper, lower),
        _ => (0, 0),
    };

    /// <summary>C(u, v) = P(U &lt;= u, V &lt;= v), (B), float64.</summary>
    /// <param name="x">(B, 2).</param>
    public Tensor Cdf(Tensor x)
    {
        Guard.Batch(x, EventShape);
        using var scope = NewDisposeScope();
        var (u, v) = Columns(x);
        var turned = Family.Cdf(Turn(u, TurnsFirst), Turn(v, TurnsSecond), Parameters(x));
        var value = Rotation switch
        {
            90 => v - turned,
            180 => u + v - 1 + turned,
            270 => u - turned,
            _ => turned,
        };
        return scope.MoveToOuter(minimum(maximum(value, (u + v - 1).clamp_min(0)), minimum(u, v)));         // what rounding may leave
    }

    /// <summary>P(U &lt;= u | V = v), (B), float64: the first number's rank given the second.</summary>
    /// <param name="x">(B, 2).</param>
    public Tensor GivenSecond(Tensor x)
    {
        Guard.Batch(x, EventShape);
        using var scope = NewDisposeScope();
        var (u, v) = Columns(x);
        return scope.MoveToOuter(Turn(Family.Given(Turn(u, TurnsFirst), Turn(v, TurnsSecond), Parameters(x)), TurnsFirst));
    }

    /// <summary>P(V &lt;= v | U = u), (B), float64: the second number's rank given the first.</summary>
    /// <param name="x">(B, 2).</param>
    public Tensor GivenFirst(Tensor x)
    {
        Guard.Batch(x, EventShape);
        using var scope = NewDisposeScope();
        var (u, v) = Columns(x);
        return scope.MoveToOuter(Turn(Family.Given(Turn(v, TurnsSecond), Turn(u, TurnsFirst), Parameters(x)), TurnsSecond));
    }

    /// <summary>The u with P(U &lt;= u | V = v) = p, (B), float64.</summary>
    /// <param name="p">(B), in (0, 1).</param>
    /// <param name="v">(B), in (0, 1).</param>
    public Tensor InverseGivenSecond(Tensor p, Tensor v)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Turn(Family.InverseGiven(Turn(p, TurnsFirst), Turn(v, TurnsSecond), Parameters(p)), TurnsFirst));
    }

    /// <summary>The v with P(V &lt;= v | U = u) = p, (B), float64.</summary>
    /// <param name="p">(B), in (0, 1).</param>
    /// <param name="u">(B), in (0, 1).</param>
    public Tensor InverseGivenFirst(Tensor p, Tensor u)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Turn(Family.InverseGiven(Turn(p, TurnsSecond), Turn(u, TurnsFirst), Parameters(p)), TurnsSecond));
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var outside = x.lt(0).logical_or(x.gt(1)).any(1);
        var (u, v) = Columns(x);
        return Family.LogDensity(Turn(u, TurnsFirst), Turn(v, TurnsSecond), Parameters(x)).masked_fill(outside, double.NegativeInfinity).masked_fill(x.isnan().any(1), double.NaN).to(x.dtype);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var uniform = rand(count, 2, dtype: float64, device: Device);
        var v = uniform.select(1, 1);
        return stack([InverseGivenSecond(uniform.select(1, 0), v), v], dim: 1).to(Dtype);
    }

    private bool TurnsFirst => Rotation is 90 or 180;

    private bool TurnsSecond => Rotation is 180 or 270;

    private static (Tensor U, Tensor V) Columns(Tensor x) => (x.select(1, 0).to(float64), x.select(1, 1).to(float64));

    private static Tensor Turn(Tensor u, bool turns) => turns ? 1 - u.to(float64) : u;

    private Tensor[] Parameters(Tensor like) => [.. Theta.Select(value => tensor(value, dtype: float64, device: like.device))];
}
