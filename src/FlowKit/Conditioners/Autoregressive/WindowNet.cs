namespace FlowKit.Conditioners;

/// <summary>An autoregressive network of sequences: one perceptron for all positions, which reads the codes of the W positions before each and, of a context that runs along the sequence, its own position and W before.</summary>
/// <remarks>
/// <para>For texts and other sequences that follow one rule everywhere, as a neural n-gram model (Bengio et al. 2003). A step of sampling evaluates one position, whatever the length.</para>
/// <para>Shapes: (B, D, K) and (B, D, C) to (B, P D, K). Where the order is reversed, "before" is to the right. Beyond the ends it reads zeros. It starts at zero.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var network = new WindowNet(positions: 40, parameters: 1, classes: 27, window: 4, hidden: [64]);
/// var law = new Flow(new OneHot(40, 27), new Autoregressive(new OneHotCategorical(27), network));
/// Console.WriteLine(law.Sample(5));                           // => [5x40], type = Float32, device = cpu
/// Console.WriteLine(network.ParameterCount);                  // => 8731
/// </code></example>
public sealed class WindowNet : AutoregressiveNetwork
{
    private readonly Mlp network;
    private readonly long window;
    private readonly bool reverse;

    /// <summary>A network over sequences of one length.</summary>
    /// <param name="positions">D >= 1.</param>
    /// <param name="parameters">P >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="window">W >= 1, or 0 with a context: each position then reads its own place of the context, and no other position.</param>
    /// <param name="hidden">Width of each hidden layer of the perceptron.</param>
    /// <param name="reverse">Whether the order is D-1, ..., 0.</param>
    /// <param name="contextFeatures">Numbers of the context at each position, C; 0 for no context.</param>
    /// <param name="activation">Between the layers.</param>
    public WindowNet(long positions, int parameters, int classes, long window, IReadOnlyList<long> hidden, bool reverse = false, long contextFeatures = 0, Activation activation = Activation.ReLU)
        : base(nameof(WindowNet), positions, parameters, contextFeatures > 0 ? Shape.Of([positions, contextFeatures]) : null, Guard.Size(classes, least: 2))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, contextFeatures > 0 ? 0 : 1);
        (this.window, this.reverse) = (window, reverse);
        Order = reverse ? Orders.Reverse(positions) : Orders.Natural(positions);
        network = new Mlp(window * classes + (window + 1) * contextFeatures, parameters * classes, hidden, activation: activation);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        Tensor[] reads = [.. window > 0 ? [Windows.Before(InOrder(x), window)] : Array.Empty<Tensor>(), .. Around(context) is { } around ? [around] : Array.Empty<Tensor>()];
        var read = cat(reads, dim: 2);
        var theta = network.Forward(read.flatten(0, 1), null).view(x.size(0), Inputs, Parameters, PositionSize);
        return InOrder(theta).transpose(1, 2).flatten(1, 2);                  // (B, P D, K)
    }

    /// <inheritdoc/>
    public override AutoregressiveSteps Begin(Tensor? context, Tensor like) => new Steps(this, Around(context), like);

    private Tensor? Around(Tensor? context) => context is null ? null : Windows.Around(InOrder(context), window, 0);

    private Tensor InOrder(Tensor x) => reverse ? x.flip(1) : x;

    private sealed class Steps(WindowNet net, Tensor? around, Tensor like) : AutoregressiveSteps
    {
        private readonly Queue<Tensor> last = new(Enumerable.Repeat(like.new_zeros([like.size(0), net.PositionSize]), (int)net.window));
        private int position;

        public override Tensor Theta()
        {
            Tensor[] reads = [.. last.Count > 0 ? [stack([.. last], dim: 2).flatten(1)] : Array.Empty<Tensor>(), .. around is null ? Array.Empty<Tensor>() : [around.select(1, position)]];
            return net.network.Forward(cat(reads, dim: 1), null).view(like.size(0), net.Parameters, 1, net.PositionSize);
        }

        public override void Append(Tensor value)
        {
            last.Enqueue(value.select(1, 0));
            last.Dequeue();
            position++;
        }
    }
}
