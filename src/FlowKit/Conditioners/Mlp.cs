using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A multi-layer perceptron whose last layer starts at zero.</summary>
/// <remarks>Shapes: (B, Inputs) and (B, ContextShape...) to (B, Outputs). The numbers of the context are read by the first layer beside the inputs.</remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new Mlp(inputs: 3, outputs: 2, hidden: [64, 64], activation: Activation.SiLU);
/// Console.WriteLine(net.ParameterCount);                      // => 4546
/// Console.WriteLine(net.Forward(randn(1, 3), null).npstr());  // => [[0, 0]]
/// </code></example>
public sealed class Mlp : Conditioner
{
    private readonly ModuleList<Linear> layers;
    private readonly Activation activation;
    private TileNet? tiles;

    /// <summary>A perceptron with the given hidden widths.</summary>
    /// <param name="inputs">Features read, >= 0; 0 only with a context.</param>
    /// <param name="outputs">Features given, >= 1.</param>
    /// <param name="hidden">Width of each hidden layer, >= 1; none makes it linear.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Between the layers.</param>
    public Mlp(long inputs, long outputs, IReadOnlyList<long> hidden, Shape? contextShape = null, Activation activation = Activation.ReLU)
        : base(nameof(Mlp), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs + ContextSize, 1, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentNullException.ThrowIfNull(hidden);
        foreach (long width in hidden) Guard.Size(width, least: 1, nameof(hidden));

        this.activation = activation;
        long[] widths = [inputs + ContextSize, .. hidden];
        layers = new ModuleList<Linear>(
            [.. widths.Zip(widths.Skip(1), (from, to) => nn.Linear(from, to)), ZeroLinear(widths[^1], outputs)]);
        RegisterComponents();
    }

    /// <summary>Weights and biases from input to output.</summary>
    internal Tensor[] LayerParameters => [.. layers.SelectMany(layer => new Tensor[] { layer.weight!, layer.bias! })];

    internal Activation Activation => activation;

    /// <inheritdoc/>
    internal override TileNet? Tiles => activation.Gate is not { } gate ? null
        : tiles ??= new([.. layers.Select(layer => new TileLinear((int)layer.out_features, (int)layer.in_features))], gate, () => LayerParameters);

    /// <inheritdoc/>
    internal override void StartAt(Tensor constants, Tensor? slopes)
    {
        using var none = no_grad();
        layers[^1].weight!.zero_();
        layers[^1].bias!.copy_(constants);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 2)
            throw new ArgumentException($"A perceptron reads vectors, (B, {Inputs}); it was given {Guard.Describe(x)}. Images need a convolutional conditioner.", nameof(x));

        var h = Join(x, context);
        for (int i = 0; i < layers.Count - 1; i++) h = activation.Apply(layers[i].forward(h));
        return layers[^1].forward(h);
    }
}
