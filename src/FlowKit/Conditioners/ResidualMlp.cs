using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>Blocks h + W2 a(W1 a(h)) of one width: pre-activation residual layers (He et al. 2016, arXiv:1603.05027, figure 4e), with a last layer that starts at zero.</summary>
/// <remarks>Shapes: (B, Inputs) and (B, ContextShape...) to (B, Outputs). The numbers of the context are read by the first layer beside the inputs.</remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new ResidualMlp(inputs: 4, outputs: 8, width: 32, blocks: 2);
/// Console.WriteLine(net.Forward(randn(10, 4), null));  // => [10x8], type = Float32, device = cpu
/// </code></example>
public sealed class ResidualMlp : Conditioner
{
    private readonly Linear first;
    private readonly ModuleList<Linear> inner;
    private readonly ModuleList<Linear> outer;
    private readonly Linear last;
    private readonly Activation activation;

    /// <summary>A residual perceptron.</summary>
    /// <param name="inputs">Features read, >= 0; 0 only with a context.</param>
    /// <param name="outputs">Features given, >= 1.</param>
    /// <param name="width">Width of every block, >= 1.</param>
    /// <param name="blocks">How many blocks, >= 1.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Before each layer of a block.</param>
    public ResidualMlp(long inputs, long outputs, long width, int blocks = 2, Shape? contextShape = null, Activation activation = Activation.ReLU)
        : base(nameof(ResidualMlp), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs + ContextSize, 1, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);

        this.activation = activation;
        first = nn.Linear(inputs + ContextSize, width);
        inner = new ModuleList<Linear>([.. Enumerable.Range(0, blocks).Select(_ => nn.Linear(width, width))]);
        outer = new ModuleList<Linear>([.. Enumerable.Range(0, blocks).Select(_ => nn.Linear(width, width))]);
        last = ZeroLinear(width, outputs);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 2)
            throw new ArgumentException($"A perceptron reads vectors, (B, {Inputs}); it was given {Guard.Describe(x)}. Images need a convolutional conditioner.", nameof(x));

        var h = first.forward(Join(x, context));
        for (int i = 0; i < inner.Count; i++)
            h = h + outer[i].forward(activation.Apply(inner[i].forward(activation.Apply(h))));
        return last.forward(activation.Apply(h));
    }
}
