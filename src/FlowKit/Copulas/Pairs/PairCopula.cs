namespace FlowKit.Copulas;

/// <summary>A member of a <see cref="PairFamily"/> with fixed parameters, turned by 0, 90, 180 or 270 degrees: the law of (u, v) on the unit square, with uniform margins.</summary>
/// <remarks>
/// <para>Shapes: x is (B, 2), its columns u and v; log-densities (B), in nats. Turned by 180 degrees, c(1 - u, 1 - v), the tails change places; by 90, c(1 - u, v), and by 270, c(u, 1 - v), the dependence changes its sign.</para>
/// <para>The h-functions and the distribution function are float64. Outside the unit square the log-density is -inf. A turned number is 1 - u, which a double tells from 1 down to 1.1e-16.</para>
/// <para>Family, parameters and rotation say how it was made; they are no module state, and <c>save</c> does not write them.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var crash = new PairCopula(new Clayton(), 2.0);
/// var x = crash.to(float64).Sample(100_000);
/// Console.WriteLine($"{x.lt(0.05).all(1).to(float64).mean().ToDouble() / 0.05:F1}");    // => 0.7
/// Console.WriteLine($"{new PairCopula(new Clayton(), 2.0) { Rotation = 90 }.Tau:F1}");     // => -0.5
/// </code></example>
public sealed class PairCopula : BivariateCopula
{
    /// <summary>A member that is not turned.</summary>
    /// <param name="family">The family.</param>
    /// <param name="theta">Its parameters, each within its range.</param>
    /// <exception cref="ArgumentException">The number of parameters is wrong, or one is outside its range.</exception>
    public PairCopula(PairFamily family, params double[] theta) : base(nameof(PairCopula))
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

    /// <inheritdoc/>
    public override double DegreesOfFreedom => Theta.Count;

    /// <inheritdoc/>
    public override double Tau => Family.Tau([.. Theta]) * (Rotation is 90 or 270 ? -1 : 1);

    /// <inheritdoc/>
    /// <remarks>Turned by 90 or 270 degrees it has none of either kind.</remarks>
    public override (double Lower, double Upper) TailDependence => Family.TailDependence([.. Theta]) switch
    {
        var tails when Rotation == 0 => tails,
        var (lower, upper) when Rotation == 180 => (upper, lower),
        _ => (0, 0),
    };

    /// <inheritdoc/>
    protected override Tensor LogDensityCore(Tensor u, Tensor v) => Family.LogDensity(Turn(u, TurnsFirst), Turn(v, TurnsSecond), Parameters(u));

    /// <inheritdoc/>
    protected override Tensor CdfCore(Tensor u, Tensor v)
    {
        var turned = Family.Cdf(Turn(u, TurnsFirst), Turn(v, TurnsSecond), Parameters(u));
        return Rotation switch
        {
            90 => v - turned,
            180 => u + v - 1 + turned,
            270 => u - turned,
            _ => turned,
        };
    }

    /// <inheritdoc/>
    protected override Tensor GivenSecondCore(Tensor u, Tensor v) => Turn(Family.Given(Turn(u, TurnsFirst), Turn(v, TurnsSecond), Parameters(u)), TurnsFirst);

    /// <inheritdoc/>
    protected override Tensor GivenFirstCore(Tensor u, Tensor v) => Turn(Family.Given(Turn(v, TurnsSecond), Turn(u, TurnsFirst), Parameters(u)), TurnsSecond);

    /// <inheritdoc/>
    protected override Tensor InverseGivenSecondCore(Tensor p, Tensor v) => Turn(Family.InverseGiven(Turn(p, TurnsFirst), Turn(v, TurnsSecond), Parameters(p)), TurnsFirst);

    /// <inheritdoc/>
    protected override Tensor InverseGivenFirstCore(Tensor p, Tensor u) => Turn(Family.InverseGiven(Turn(p, TurnsSecond), Turn(u, TurnsFirst), Parameters(p)), TurnsSecond);

    /// <inheritdoc/>
    internal override (Tensor LogDensity, Tensor? First, Tensor? Second) Joint(Tensor u, Tensor v, bool first, bool second)
    {
        if (Family is Independence) return (zeros_like(u), u.alias(), v.alias());
        var (logDensity, h, g) = Family.Joint(Turn(u, TurnsFirst), Turn(v, TurnsSecond), Parameters(u), first, second);
        return (logDensity, h is null ? null : Turn(h, TurnsFirst), g is null ? null : Turn(g, TurnsSecond));
    }

    private bool TurnsFirst => Rotation is 90 or 180;

    private bool TurnsSecond => Rotation is 180 or 270;

    private static Tensor Turn(Tensor u, bool turns) => turns ? 1 - u : u;

    private Tensor[] Parameters(Tensor like) => [.. Theta.Select(value => tensor(value, dtype: float64, device: like.device))];
}
