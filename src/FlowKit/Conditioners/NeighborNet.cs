namespace FlowKit.Conditioners;

/// <summary>The conditioner of a coupling of every second position of a sequence: one perceptron for all pairs of positions, which reads the codes passed in its own pair and in R pairs on both sides.</summary>
/// <remarks>
/// <para>Shapes: (B, N, K), the codes passed, to (B, N, K) for each output of a pair, (B, P N, K), P-major; a context that runs along the sequence is (B, 2N, C), of which each pair reads the same surroundings. Beyond the ends
/// it reads zeros. It starts at zero.</para>
/// </remarks>
/// <example><code>
/// // Every second letter is moved by a function of its four neighbors.
/// var coupling = new Coupling(Masks.Alternating(40, odd: true), new ModuloMap(27), (inputs, outputs) => new NeighborNet(inputs, outputs, 27, reach: 2, hidden: [64]));
/// var x = new OneHot(40, 27).Forward(randint(0, 27, [3, 40])).Z;
/// Console.WriteLine(coupling.Forward(x).Z);                   // => [3x40x27], type = Float32, device = cpu
/// </code></example>
public sealed class NeighborNet : Conditioner
{
    private readonly Mlp network;
    private readonly long reach;
    private readonly int classes;

    /// <summary>A network over pairs.</summary>
    /// <param name="inputs">N >= 1 codes read, one a pair.</param>
    /// <param name="outputs">P N codes given.</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="reach">R >= 0.</param>
    /// <param name="hidden">Width of each hidden layer of the perceptron.</param>
    /// <param name="contextFeatures">Numbers of the context at each position, C; 0 for no context.</param>
    /// <param name="activation">Between the layers.</param>
    /// <exception cref="ArgumentException">The outputs are no multiple of the inputs: a coupling of an even number of alternating features has as many of both.</exception>
    public NeighborNet(long inputs, long outputs, int classes, long reach, IReadOnlyList<long> hidden, long contextFeatures = 0, Activation activation = Activation.ReLU)
        : base(nameof(NeighborNet), inputs, outputs, contextFeatures > 0 ? Shape.Of([2 * inputs, contextFeatures]) : null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(reach);
        ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
        if (outputs < inputs || outputs % inputs != 0)
            throw new ArgumentException($"It reads {inputs} codes and is to give {outputs}; expected a multiple, as a coupling of an even number of alternating features asks for.", nameof(outputs));

        (this.classes, this.reach) = (classes, reach);
        network = new Mlp((2 * reach + 1) * (classes + 2 * contextFeatures), outputs / inputs * classes, hidden, activation: activation);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 3 || x.size(2) != classes) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (B, {Inputs}, {classes}): one-hot codes, as OneHot makes them.", nameof(x));
        var read = Windows.Around(x, reach, reach);
        if (context is not null) read = cat([read, Windows.Around(context.reshape(x.size(0), Inputs, ContextSize / Inputs), reach, reach)], dim: 2);
        return network.Forward(read.flatten(0, 1), null).view(x.size(0), Inputs, Outputs / Inputs, classes).transpose(1, 2).flatten(1, 2);
    }
}
