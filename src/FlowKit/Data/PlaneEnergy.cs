using FlowKit.Integration;

namespace FlowKit.Data;

/// <summary>An unnormalized density of the plane, exp(-U(z)), kept to a square; its normalizer and entropy by quadrature. What a flow is fitted to by reverse KL.</summary>
/// <remarks>
/// <para>log p~(z) = -U(z) - W(z), with a wall W that keeps z to the square [-h, h]²: W = sum of ((|z_i| - h)₊ / s)² / 2, a soft one, or 0 inside and infinite outside for s = 0, a hard one.</para>
/// <para><see cref="U1"/> to <see cref="U4"/> are the energies of Rezende, Mohamed 2015, arXiv:1505.05770, Table 1. As printed, the last three do not depend on z_1 far out: their integral is infinite,
/// and there is no normalizer. The wall, here h = 4 and s = 0.2, is a departure from the paper.</para>
/// <para>Shapes: z is (B, 2), energies and log-densities are (B), in nats.</para>
/// </remarks>
/// <example><code>
/// foreach (var target in PlaneEnergy.All) Console.WriteLine($"{target.Name}: log Z {target.LogNormalizer:F5}, entropy {target.Entropy:F4}");
/// // => U1: log Z 1.87750, entropy 2.6600
/// // => U2: log Z 2.14287, entropy 2.6724
/// // => U3: log Z 2.70249, entropy 2.7065
/// // => U4: log Z 2.76076, entropy 2.8861
/// Console.WriteLine($"{PlaneEnergy.U2.Within(4).LogNormalizer:F5}, {Math.Log(8 * 0.4 * Math.Sqrt(2 * Math.PI)):F5}");  // => 2.08209, 2.08209
/// Figures.Density(DensityGrid.Evaluate(z => PlaneEnergy.U2.LogProb(z), (-4.5, 4.5)), "U2")
/// </code></example>
public sealed class PlaneEnergy : UnnormalizedDensity
{
    private const int CellsPerUnit = 100;
    private const double WallWidths = 9;         // exp(-81 / 2) is 3e-18

    private readonly Func<Tensor, Tensor> energy;
    private readonly double wall;
    private readonly Lazy<(double LogNormalizer, double Entropy)> truth;

    /// <summary>An energy of one's own.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="energy">U, (B, 2) to (B), smooth on the scale of a few hundredths: what the quadrature resolves.</param>
    /// <param name="half">h, half the side of the square, 0 &lt; h &lt;= 20.</param>
    /// <param name="wall">s, how far a soft wall reaches, 0 &lt;= s &lt;= 1; 0 is a hard wall.</param>
    public PlaneEnergy(string name, Func<Tensor, Tensor> energy, double half = 4, double wall = 0.2) : base(name, 2)
    {
        ArgumentNullException.ThrowIfNull(energy);
        if (half is not (> 0 and <= 20)) throw new ArgumentOutOfRangeException(nameof(half), half, "Expected a number in (0, 20].");
        if (wall is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(wall), wall, "Expected a number in [0, 1].");
        (this.energy, Half, this.wall) = (energy, half, wall);
        truth = new(Integrate);
    }

    /// <summary>A ring of radius 2 with two modes on it.</summary>
    public static PlaneEnergy U1 { get; } = new("U1", z =>
        ((linalg.vector_norm(z, 2, [1]) - 2) / 0.4).square() / 2 - Either(Deviation(First(z) - 2, 0.6), Deviation(First(z) + 2, 0.6)));

    /// <summary>A sine wave.</summary>
    public static PlaneEnergy U2 { get; } = new("U2", z => -Deviation(AboveSine(z), 0.4));

    /// <summary>A sine wave that parts into two branches around z_1 = 1 and joins again.</summary>
    public static PlaneEnergy U3 { get; } = new("U3", z => -Either(Deviation(AboveSine(z), 0.35), Deviation(AboveSine(z) + Bump(z), 0.35)));

    /// <summary>A sine wave that parts into two branches at z_1 = 1.</summary>
    public static PlaneEnergy U4 { get; } = new("U4", z => -Either(Deviation(AboveSine(z), 0.4), Deviation(AboveSine(z) + Step(z), 0.35)));

    /// <summary>The paper's four.</summary>
    public static IReadOnlyList<PlaneEnergy> All { get; } = [U1, U2, U3, U4];

    /// <summary>h, half the side of the square.</summary>
    public double Half { get; }

    /// <summary>The interval that holds all but 1e-15 of the mass along each axis.</summary>
    public (double Low, double High) Bounds => (-Half - WallWidths * wall, Half + WallWidths * wall);

    /// <summary>log Z, Z the integral of exp(log p~), nats: by the midpoint rule with cells of 0.01, to six digits.</summary>
    /// <exception cref="ArgumentException">The energy is NaN or -inf somewhere, or +inf everywhere.</exception>
    public override double LogNormalizer => truth.Value.LogNormalizer;

    /// <summary>Differential entropy of p = p~ / Z, nats.</summary>
    /// <exception cref="ArgumentException">As for <see cref="LogNormalizer"/>.</exception>
    public override double Entropy => truth.Value.Entropy;

    /// <summary>The same energy in another square.</summary>
    /// <param name="half">h, half the side of the square, 0 &lt; h &lt;= 20.</param>
    /// <param name="wall">s, how far a soft wall reaches, 0 &lt;= s &lt;= 1; 0 is a hard wall.</param>
    public PlaneEnergy Within(double half, double wall = 0) => new(Name, energy, half, wall);

    /// <summary>-U(z) - W(z), (B).</summary>
    /// <param name="z">(B, 2).</param>
    /// <exception cref="ArgumentException">U gives another shape than (B).</exception>
    protected override Tensor LogDensityCore(Tensor z)
    {
        var u = Guard.Made(energy(z), nameof(energy));
        if (u.Dimensions != 1 || u.size(0) != z.size(0))
            throw new ArgumentException($"energy gave shape {Guard.Describe(u)} for {z.size(0)} points; expected ({z.size(0)},).", nameof(energy));
        var beyond = (z.abs() - Half).clamp_min(0);
        var w = wall > 0 ? (beyond / wall).square().sum(1) / 2 : zeros_like(u).masked_fill(beyond.gt(0).any(1), double.PositiveInfinity);
        return -u - w;
    }

    private (double, double) Integrate()
    {
        using var rule = QuadratureRule.Rectangle(Bounds, Bounds, (int)Math.Ceiling((Bounds.High - Bounds.Low) * CellsPerUnit));
        double logZ = rule.LogNormalizer(LogDensity);
        if (!double.IsFinite(logZ)) throw new ArgumentException($"energy of {Name} is NaN or -inf somewhere, or +inf everywhere: the integral of exp(-U) is {Math.Exp(logZ)}.", nameof(energy));
        return (logZ, -rule.Integrate(z =>
        {
            var logP = LogDensity(z) - logZ;
            return (logP.exp() * logP).nan_to_num(nan: 0);                    // p ln p = 0 where p = 0
        }));
    }

    private static Tensor First(Tensor z) => z.select(1, 0);

    private static Tensor AboveSine(Tensor z) => z.select(1, 1) - (First(z) * (Math.PI / 2)).sin();

    private static Tensor Bump(Tensor z) => Deviation(First(z) - 1, 0.6).exp() * 3;

    private static Tensor Step(Tensor z) => ((First(z) - 1) / 0.3).sigmoid() * 3;

    private static Tensor Deviation(Tensor x, double sd) => (x / sd).square() * -0.5;

    private static Tensor Either(Tensor logA, Tensor logB) => logaddexp(logA, logB);
}
