namespace FlowKit.Conditioners;

/// <summary>Reads angles as points of the circle, (cos x, sin x), so that what it gives has no seam at 2 pi. The conditioner of flows on tori.</summary>
/// <remarks>Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.2. Shapes: (B, Inputs) and (B, ContextShape...) to (B, Outputs).</remarks>
/// <example><code>
/// // What it gives has no seam: 0 and 2 pi are one point.
/// manual_seed(0);
/// var net = AngleConditioner.Of(angles: 1, outputs: 4, (inputs, outputs) => new Mlp(inputs, outputs, [16]));
/// var theta = net.Forward(tensor(new[,] { { 0f }, { 2 * MathF.PI } }), null);
/// Console.WriteLine(theta[0].allclose(theta[1]));  // => True
/// </code></example>
public sealed class AngleConditioner : Conditioner
{
    private readonly Conditioner inner;

    private AngleConditioner(Conditioner inner, long angles) : base(nameof(AngleConditioner), angles, inner.Outputs, inner.ContextShape)
    {
        this.inner = inner;
        RegisterComponents();
    }

    /// <summary>The network that reads angles.</summary>
    /// <param name="angles">How many it reads, >= 1.</param>
    /// <param name="outputs">Features given.</param>
    /// <param name="inner">Makes the network behind from (inputs, outputs): two inputs an angle.</param>
    /// <exception cref="ArgumentException">The network behind does not read two numbers an angle.</exception>
    public static AngleConditioner Of(long angles, long outputs, Func<long, long, Conditioner> inner)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(angles, 1);
        ArgumentNullException.ThrowIfNull(inner);
        return new(Make(inner, 2 * angles, outputs), angles);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context) => inner.Forward(cat([x.cos(), x.sin()], dim: 1), context);
}
