using System.Numerics;

namespace FlowKit.Conditioners;

/// <summary>A perceptron over tiles: layers of a <see cref="TileLinear"/> each, one activation between them, none after the last.</summary>
/// <remarks>
/// A tile of its memory on the way there is the input, every hidden layer's output, and the output, one under the other; a tile of the way back holds the gradients of
/// the layers' sums, in the same places, and below them the layers' inputs, laid out for the gradients of the weights.
/// </remarks>
internal sealed unsafe class TileNet
{
    private const double WorthAPart = 1 << 17;                                // multiplications for a tile

    private readonly TileLinear[] layers;
    private readonly int[] from;                                              // the row at which a layer's input starts, and last the output
    private readonly int[] transposed;                                        // the same for a layer's input laid out anew, on the way back
    private readonly Gate gate;
    private readonly Func<Tensor[]> parameters;
    private readonly Func<Tensor[]>? masks;
    private readonly (int Layer, int Part, int Parts)[] parts;

    /// <summary>A perceptron of these layers.</summary>
    /// <param name="layers">From input to output.</param>
    /// <param name="gate">Between them.</param>
    /// <param name="parameters">Gives weight, bias, weight, bias, ... as they are.</param>
    /// <param name="masks">Gives the weights' masks as they are; null for none.</param>
    public TileNet(TileLinear[] layers, Gate gate, Func<Tensor[]> parameters, Func<Tensor[]>? masks = null)
    {
        (this.layers, this.gate, this.parameters, this.masks) = (layers, gate, parameters, masks);
        from = new int[layers.Length + 1];
        for (int l = 0; l < layers.Length; l++) from[l + 1] = from[l] + layers[l].Inputs;
        Rows = from[^1] + layers[^1].Outputs;
        transposed = new int[layers.Length];
        BackRows = Rows;
        for (int l = 0; l < layers.Length; l++)
        {
            transposed[l] = BackRows;
            BackRows += (int)(layers[l].TransposedStep / Tile.Lanes);
        }
        parts = [.. layers.SelectMany((layer, l) => Enumerable.Range(0, PartsOf(layer)).Select(part => (l, part, PartsOf(layer))))];

        static int PartsOf(TileLinear layer) => (int)Math.Clamp(layer.Outputs * (double)layer.Inputs * Tile.Lanes / WorthAPart, 1, 8);
    }

    /// <summary>Weight, bias, weight, bias, ... as they are.</summary>
    public Tensor[] Parameters => parameters();

    /// <summary>Multiplications a tile, as if there were no mask.</summary>
    public long Work => layers.Sum(layer => (long)layer.Outputs * layer.Inputs * Tile.Lanes);

    /// <summary>Rows of a tile of its memory.</summary>
    public int Rows { get; }

    /// <summary>Rows of a tile of the way back.</summary>
    public int BackRows { get; }

    /// <summary>Rows of the input.</summary>
    public int Inputs => layers[0].Inputs;

    /// <summary>The row at which the output starts.</summary>
    public int Output => from[^1];

    /// <summary>In how many parts the gradients of its parameters are taken.</summary>
    public int Parts => parts.Length;

    /// <summary>Fills a tile's memory from its input.</summary>
    public void Forward<T>(T** parameters, T* memory, nint step, int tiles) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int l = 0; l < layers.Length; l++)
            layers[l].Forward(parameters[2 * l], parameters[2 * l + 1], At(memory, l), step, At(memory, l + 1), step, tiles, l < layers.Length - 1 ? gate : Gate.None);
    }

    /// <summary>Fills the way back from the gradient of the output, to that of the input if it is wanted, and lays the layers' inputs out for <see cref="ParameterGradients"/>.</summary>
    public void Backward<T>(T** parameters, T* memory, nint step, T* back, nint backStep, int tiles, bool toInput) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int l = layers.Length - 1; l >= 0; l--)
        {
            if (l > 0 || toInput)
                layers[l].InputGradient(parameters[2 * l], At(back, l + 1), backStep, At(back, l), backStep, tiles, l > 0 ? gate : Gate.None, At(memory, l), step);
            layers[l].Transpose(At(memory, l), step, tiles, Transposed(back, l), backStep);
        }
    }

    /// <summary>One part of the gradients of the parameters.</summary>
    public void ParameterGradients<T>(int part, T* back, nint backStep, T** gradients, bool add, int tiles) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (l, one, of) = parts[part];
        layers[l].WeightGradient(At(back, l + 1), backStep, Transposed(back, l), backStep, tiles, gradients[2 * l], gradients[2 * l + 1], add, one, of);
    }

    /// <summary>The same in ordinary operations.</summary>
    public Tensor Apply(Tensor input, ReadOnlySpan<Tensor> parameters)
    {
        var mask = masks?.Invoke();
        for (int l = 0; l < layers.Length; l++)
        {
            input = nn.functional.linear(input, mask is null ? parameters[2 * l] : parameters[2 * l] * mask[l], parameters[2 * l + 1]);
            if (l < layers.Length - 1) input = gate == Gate.Relu ? input.relu() : input.tanh();
        }
        return input;
    }

    private T* Transposed<T>(T* back, int layer) where T : unmanaged => back + transposed[layer] * Tile.Lanes;

    private T* At<T>(T* memory, int layer) where T : unmanaged => memory + from[layer] * Tile.Lanes;
}
