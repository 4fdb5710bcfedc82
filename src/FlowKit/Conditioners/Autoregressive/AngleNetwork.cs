namespace FlowKit.Conditioners;

/// <summary>An autoregressive network that reads angles as points of the circle, (cos x, sin x), so that what it gives has no seam at 2 pi. The conditioner of autoregressive flows on tori.</summary>
/// <remarks>
/// <para>Rezende, Papamakarios et al. 2020, arXiv:2002.02428, section 2.2. Shapes: (B, D) and (B, ContextShape...) to (B, P D), P-major.</para>
/// <para>The network behind has positions of two numbers, for which it gives two parameters at a time; an odd P leaves one of them unused. Its incremental steps are kept.</para>
/// </remarks>
/// <example><code>
/// // A turn more or less makes no difference.
/// manual_seed(0);
/// var map = new MoebiusMap(Centers: 4, Rotates: true);
/// var network = AngleNetwork.Of(angles: 3, map.ParameterCount, (positions, parameters, size) => new Made(positions, parameters, [16], positionSize: size));
/// foreach (var weight in network.parameters()) nn.init.normal_(weight, std: 0.3);
/// var x = rand(1, 3) * 2 * Math.PI;
/// Console.WriteLine(network.Forward(x + 2 * Math.PI, null).allclose(network.Forward(x, null), atol: 1e-4));  // => True
/// var flow = new Flow(new MaskedAutoregressive(map, network), Uniform.Angles(3));
/// Console.WriteLine(flow.Sample(5));                                                                        // => [5x3], type = Float32, device = cpu
/// </code></example>
public sealed class AngleNetwork : AutoregressiveNetwork
{
    private const int Numbers = 2;            // cosine and sine

    private readonly AutoregressiveNetwork inner;

    private AngleNetwork(AutoregressiveNetwork inner, int parameters) : base(nameof(AngleNetwork), inner.Inputs, parameters, inner.ContextShape)
    {
        this.inner = inner;
        RegisterComponents();
    }

    /// <summary>The network that reads angles.</summary>
    /// <param name="angles">D >= 1.</param>
    /// <param name="parameters">Parameters an angle has, P >= 1.</param>
    /// <param name="inner">Makes the network behind from (positions, parameters, position size): D, half of P rounded up, and 2.</param>
    /// <exception cref="ArgumentException">The network behind has other sizes.</exception>
    public static AngleNetwork Of(long angles, int parameters, Func<long, int, int, AutoregressiveNetwork> inner)
    {
        Guard.Size(angles, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters, 1);
        ArgumentNullException.ThrowIfNull(inner);
        int pairs = (parameters + 1) / Numbers;
        var made = Guard.Made(inner(angles, pairs, Numbers), nameof(inner));
        return (made.Inputs, made.Parameters, made.PositionSize) == (angles, pairs, Numbers)
            ? new(made, parameters)
            : throw new ArgumentException(
                $"The network has {made.Inputs} positions of size {made.PositionSize} and {made.Parameters} parameters; expected {angles} of size {Numbers} and {pairs}.", nameof(inner));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order => inner.Order;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context) =>
        Theta(inner.Forward(OnCircle(x), context).unflatten(1, [inner.Parameters, Inputs])).flatten(1);

    /// <inheritdoc/>
    public override AutoregressiveSteps Begin(Tensor? context, Tensor like) => new Steps(this, inner.Begin(context, like.unsqueeze(2).expand(-1, -1, Numbers)));

    private static Tensor OnCircle(Tensor x) => stack([x.cos(), x.sin()], dim: 2);                         // (B, D, 2)

    // The pairs of parameters of some positions, (B, P/2, D, 2), as parameters, (B, P, D).
    private Tensor Theta(Tensor pairs) => pairs.transpose(2, 3).flatten(1, 2).narrow(1, 0, Parameters);

    private sealed class Steps(AngleNetwork network, AutoregressiveSteps steps) : AutoregressiveSteps
    {
        public override Tensor Theta() => network.Theta(steps.Theta());

        public override void Append(Tensor value) => steps.Append(OnCircle(value));
    }
}
