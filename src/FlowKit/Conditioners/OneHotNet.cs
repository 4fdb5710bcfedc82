namespace FlowKit.Conditioners;

/// <summary>A network of vectors that reads one-hot codes side by side and gives K numbers for each output: the conditioner of a coupling of discrete flows.</summary>
/// <remarks>Shapes: (B, Inputs, K) and (B, ContextShape...) to (B, Outputs, K); the network inside maps Inputs K numbers to Outputs K.</remarks>
/// <example><code>
/// // The second of two numbers modulo 7 is moved by a table of the first.
/// var coupling = new Coupling([false, true], new ModuloMap(7), (inputs, outputs) => new OneHotNet(inputs, outputs, 7, (i, o) => new Mlp(i, o, [])));
/// var flow = new Flow(new Chain(new OneHot(2, 7), coupling), new OneHotCategorical(7).Learned(2, 7));
/// Console.WriteLine(flow.LogProb(tensor(new[,] { { 3L, 6 } })).exp().npstr());   // => [0.020408]
/// </code></example>
public sealed class OneHotNet : Conditioner
{
    private readonly Conditioner network;
    private readonly int classes;

    /// <summary>A network over codes of K classes.</summary>
    /// <param name="inputs">Codes read, >= 1.</param>
    /// <param name="outputs">Codes given, >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="network">Makes the network inside from its (inputs, outputs), Inputs K and Outputs K.</param>
    /// <exception cref="ArgumentException">The network inside has other sizes.</exception>
    public OneHotNet(long inputs, long outputs, int classes, Func<long, long, Conditioner> network) : this(inputs, outputs, classes, Checked(inputs, outputs, classes, network))
    {
    }

    private OneHotNet(long inputs, long outputs, int classes, Conditioner network) : base(nameof(OneHotNet), inputs, outputs, network.ContextShape)
    {
        (this.network, this.classes) = (network, classes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 3 || x.size(2) != classes) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (B, {Inputs}, {classes}): one-hot codes, as OneHot makes them.", nameof(x));
        return network.Forward(x.flatten(1), context).view(x.size(0), Outputs, classes);
    }

    private static Conditioner Checked(long inputs, long outputs, int classes, Func<long, long, Conditioner> network)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return Make(network, inputs * classes, outputs * classes);
    }
}
