namespace FlowKit.Transforms;

/// <summary>The flow of Hamilton's equations on positions and momenta x = (z, omega), H(z, omega) = U(z) + |omega|²/2, by the leapfrog rule: it preserves volume exactly and can be run backwards.</summary>
/// <remarks>
/// <para>dz/dt = omega, d omega/dt = -grad U(z). A step of length h is omega' = omega - (h/2) grad U(z); z_1 = z + h omega'; omega_1 = omega' - (h/2) grad U(z_1). Each line shifts one half by a function of the other, as an additive
/// coupling does, so that log|det| = 0; taken in the opposite order with the opposite signs they are the inverse. The error of H stays bounded, O(h²), however many steps there are.
/// Rezende, Mohamed 2015, arXiv:1505.05770, section 3.2; Neal 2011, arXiv:1206.1901, section 2.3.</para>
/// <para>Shapes: x and its image are (B, 2 D), positions before momenta.</para>
/// </remarks>
/// <example><code>
/// // A spring of unit frequency: an eighth of a turn carries (1, 0) to (0.707, -0.707), up to the rule's error.
/// var eighth = new Leapfrog(dimensions: 1, z => z.square().sum(1) / 2, step: Math.PI / 200, steps: 50);
/// var x = tensor(new[,] { { 1.0, 0 } });
/// var (y, logDet) = eighth.Forward(x);
/// Console.WriteLine($"{y[0, 0].ToDouble():F3} {y[0, 1].ToDouble():F3}, log|det| {logDet.ToDouble()}");  // => 0.707 -0.707, log|det| 0
/// Console.WriteLine($"{eighth.Hamiltonian(x).ToDouble():F4} {eighth.Hamiltonian(y).ToDouble():F4}");  // => 0.5000 0.5000
/// </code></example>
public sealed class Leapfrog : Transform
{
    private readonly Func<Tensor, Tensor> energy;
    private readonly long dimensions;
    private readonly double step;
    private readonly int steps;

    /// <summary>Steps of the leapfrog rule.</summary>
    /// <param name="dimensions">D >= 1, of positions and of momenta.</param>
    /// <param name="energy">U, (B, D) to (B), of differentiable operations; rows must not depend on each other. Gradients flow to what else it reads, but its parameters are not the transform's.</param>
    /// <param name="step">h, finite and not 0; negative runs back.</param>
    /// <param name="steps">How many, >= 1.</param>
    public Leapfrog(long dimensions, Func<Tensor, Tensor> energy, double step, int steps) : base(nameof(Leapfrog))
    {
        Guard.Size(dimensions, least: 1);
        ArgumentNullException.ThrowIfNull(energy);
        if (step == 0 || !double.IsFinite(step)) throw new ArgumentOutOfRangeException(nameof(step), step, "Expected a finite number that is not 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        (this.dimensions, this.energy, this.step, this.steps) = (dimensions, energy, step, steps);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Shape DataShape => [2 * dimensions];

    /// <summary>H(z, omega), (B).</summary>
    /// <param name="x">(z, omega), (B, 2 D).</param>
    public Tensor Hamiltonian(Tensor x)
    {
        Guard.Batch(x, DataShape);
        Guard.Floating(x, nameof(Leapfrog), float32);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Energy(Position(x)) + Momentum(x).square().sum(1) / 2);
    }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Run(x, step);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Run(z, -step);

    private (Tensor, Tensor) Run(Tensor x, double h)
    {
        if (is_grad_enabled() && !x.requires_grad && Energy(Position(x)).requires_grad) x = x.detach().requires_grad_();      // U has parameters: the way to them is kept
        var (z, omega) = (Position(x), Momentum(x));
        omega = omega - Gradient(z) * (h / 2);
        for (int k = 1; k <= steps; k++)
        {
            z = z + omega * h;
            omega = omega - Gradient(z) * (k < steps ? h : h / 2);            // two half steps that meet are one
        }
        return (cat([z, omega], dim: 1), SameForAll(0, x));
    }

    private Tensor Position(Tensor x) => x.narrow(1, 0, dimensions);

    private Tensor Momentum(Tensor x) => x.narrow(1, dimensions, dimensions);

    private Tensor Gradient(Tensor z) => Score.Gradient(Energy, z, nameof(energy));

    private Tensor Energy(Tensor z)
    {
        var u = Guard.Made(energy(z), nameof(energy));
        return u.Dimensions == 1 && u.size(0) == z.size(0) ? u : throw new ArgumentException($"energy gave shape {Guard.Describe(u)} for {z.size(0)} points; expected ({z.size(0)},).", nameof(energy));
    }
}
