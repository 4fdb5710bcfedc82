namespace FlowKit.Transforms;

/// <summary>A rotation of the circle by a learned angle: y = x + theta modulo 2 pi, log-slope 0. theta = (the angle), in radians.</summary>
/// <remarks>Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.1: a phase shift moves the point that the other maps of the circle leave where it is. It is what follows
/// any <see cref="CircleMap"/> that rotates.</remarks>
/// <example><code>
/// var (y, logSlope) = new PhaseShift().Forward(tensor(new[] { 6.0 }), full([1, 1], 1.0, dtype: float64));
/// Console.WriteLine($"{y.ToDouble():F4}, {7 - 2 * Math.PI:F4}");  // => 0.7168, 0.7168
/// </code></example>
public sealed record PhaseShift() : CircleMap(Rotates: true)
{
    /// <inheritdoc/>
    protected override int TermParameters => 0;

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) Bend(Tensor x, Tensor parameters) => (x, zeros_like(x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) Unbend(Tensor y, Tensor parameters) => (y, zeros_like(y));
}
