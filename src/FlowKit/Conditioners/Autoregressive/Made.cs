using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A masked autoencoder for distribution estimation: its outputs for the feature at position q of an order read the features before q only, and the context.</summary>
/// <remarks>
/// <para>Germain, Gregor, Murray, Larochelle 2015, arXiv:1502.03509. Masks by degrees (section 4.1), orders (4.2), mask ensembles for order- and connectivity-agnostic
/// training (4.2, 4.3), direct connections (4.1). The context is an input of degree 0: everything may read it.</para>
/// <para>Departures: even degrees instead of drawn ones are the default; units of degree 0, which read the context alone, exist only where there is one.</para>
/// <para>Shapes: (B, D) and (B, ContextShape...) to (B, P D), P-major: viewed as (B, P, D) it is the theta of an elementwise map; one-hot codes (B, D, K) to (B, P D, K). It starts at zero.</para>
/// </remarks>
/// <example><code>
/// // With the order 2, 0, 1, the outputs of feature 2 read nothing, those of 0 read x_2, those of 1 both.
/// manual_seed(0);
/// var made = new Made(features: 3, parameters: 1, hidden: [16], order: [2, 0, 1]);
/// foreach (var weight in made.parameters()) nn.init.normal_(weight);
/// var x = randn(1, 3, requires_grad: true);
/// for (int feature = 0; feature &lt; 3; feature++)
///     Console.WriteLine(autograd.grad([made.Forward(x, null).select(1, feature).sum()], [x])[0].ne(0).npstr());
/// // => [[False, False, True]]
/// // => [[True, False, True]]
/// // => [[False, False, False]]
/// </code></example>
public sealed class Made : AutoregressiveNetwork
{
    private readonly ModuleList<MaskedLinear> layers;
    private readonly MaskedLinear? direct;
    private readonly Parameter? constant;
    private readonly MadeDegrees[] degrees;
    private readonly Activation activation;
    private readonly TileNet?[] tiles;            // one a mask set, made when it is first asked for
    private readonly MadeSorting?[] sortings;     // so too
    private int maskSet;

    /// <summary>A MADE over D features.</summary>
    /// <param name="features">D >= 1.</param>
    /// <param name="parameters">Outputs a feature has, P >= 1.</param>
    /// <param name="hidden">Width of each hidden layer, >= 1; none makes it linear.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="order">The features, first to last: each of 0..D-1 once (see <see cref="Orders"/>); null for 0, 1, 2, ...</param>
    /// <param name="degreeSeed">Draws the units' degrees; null spreads them evenly.</param>
    /// <param name="direct">Whether the outputs also read the inputs past the hidden layers.</param>
    /// <param name="maskSets">Mask sets to cycle through, >= 1. The first has the order and degrees given; each other one a random order and random degrees.</param>
    /// <param name="activation">Between the layers.</param>
    /// <param name="positionSize">Numbers a feature is given by, K >= 1: 1, or the classes whose one-hot codes it reads, (B, D, K).</param>
    /// <exception cref="ArgumentException">The order is no permutation of the features.</exception>
    public Made(
        long features, int parameters, IReadOnlyList<long> hidden, Shape? contextShape = null, IReadOnlyList<int>? order = null,
        int? degreeSeed = null, bool direct = false, int maskSets = 1, Activation activation = Activation.ReLU,
        int positionSize = 1)
        : base(nameof(Made), Guard.Size(features, least: 1), parameters, contextShape, positionSize)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        foreach (long width in hidden) Guard.Size(width, least: 1, nameof(hidden));
        ArgumentOutOfRangeException.ThrowIfLessThan(maskSets, 1);
        order = Orders.Checked(order, features);

        this.activation = activation;
        degrees = [.. Enumerable.Range(0, maskSets).Select(set => Degrees(set, [.. order], hidden, contextShape is not null ? 0 : 1, degreeSeed))];
        (tiles, sortings) = (new TileNet?[maskSets], new MadeSorting?[maskSets]);
        layers = [];
        if (features == 1 && contextShape is null)
            constant = new Parameter(zeros(parameters * positionSize, dtype: get_default_dtype(), device: CPU));   // there is nothing to read
        else
        {
            for (int layer = 0; layer <= hidden.Count; layer++)
                layers.Add(new MaskedLinear(Masks(set => (RowDegrees(set, layer), ColumnDegrees(set, layer))), zero: layer == hidden.Count));
            if (direct)
                this.direct = new MaskedLinear(Masks(set => (RowDegrees(set, hidden.Count), ColumnDegrees(set, 0))), bias: false, zero: true);
        }
        RegisterComponents();
    }

    /// <summary>How many mask sets there are.</summary>
    public int MaskSets => degrees.Length;

    /// <summary>The mask set in use, 0..MaskSets-1. Order-agnostic training moves it on between steps; an ensemble averages over all.</summary>
    public int MaskSet
    {
        get => maskSet;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaskSet));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, MaskSets, nameof(MaskSet));
            maskSet = value;
        }
    }

    /// <summary>The features, first to last, in the mask set in use.</summary>
    public override IReadOnlyList<int> Order => degrees[maskSet].Order;

    /// <summary>Features that are not first in the order and whose outputs nevertheless read no feature, in some mask set: drawn degrees, and few units, can leave them unconnected. A training
    /// points them out.</summary>
    public IReadOnlyList<int> Unconnected => constant is not null || direct is not null ? [] :
        [.. degrees.SelectMany(set => set.Order.Where(feature => set.Positions[feature] > 0 && !set.Reads(set.Positions[feature]))).Distinct().Order()];

    internal MadeDegrees CurrentDegrees => degrees[maskSet];

    internal MadeSorting Sorting => sortings[maskSet] ??= new MadeSorting(this);

    internal IReadOnlyList<MaskedLinear> Layers => [.. layers];

    internal MaskedLinear? Direct => direct;

    internal Tensor? Constant => constant;

    internal Activation Activation => activation;

    /// <inheritdoc/>
    internal override TileNet? Tiles => constant is not null || direct is not null || PositionSize > 1 || activation.Gate is not { } gate ? null
        : tiles[maskSet] ??= TilesOf(maskSet, gate);

    internal Tensor Activate(Tensor x) => activation.Apply(x);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (constant is not null) return Codes(constant.expand(x.size(0), -1));

        var input = Join(PositionSize == 1 ? x : x.flatten(1), context);
        var h = input;
        for (int i = 0; i < layers.Count - 1; i++) h = activation.Apply(layers[i].Forward(h, maskSet));
        var theta = layers[^1].Forward(h, maskSet);
        return Codes(direct is null ? theta : theta + direct.Forward(input, maskSet));
    }

    private Tensor Codes(Tensor theta) => PositionSize == 1 ? theta : theta.reshape(theta.size(0), Outputs, PositionSize);

    /// <summary>Incremental steps: each computes only the units that became computable, so that all D of them together cost about one pass.</summary>
    /// <inheritdoc/>
    public override AutoregressiveSteps Begin(Tensor? context, Tensor like) => MadeSteps.Of(this, context?.flatten(1), like);

    /// <inheritdoc/>
    internal override (Tensor X, Tensor LogDet)? Inverse(ITileMap map, Tensor z, Tensor? context)
    {
        if (constant is not null || PositionSize > 1 || !MadeSteps.AreOverTiles(this, context, z)) return null;

        using var scope = NewDisposeScope();
        context = context?.flatten(1);
        var (x, logDet) = z.dtype == ScalarType.Float32 ? new TileMade<float>(this, context).Inverse(map, z) : new TileMade<double>(this, context).Inverse(map, z);
        return scope.MoveToOuter(x, logDet);
    }

    private TileNet TilesOf(int set, Gate gate)
    {
        using var none = no_grad();
        return new(
            [.. layers.Select(layer => new TileLinear((int)layer.Outputs, (int)layer.Inputs, layer.Mask(set).ne(0).cpu().data<bool>().ToArray()))], gate,
            () => [.. layers.SelectMany(layer => new Tensor[] { layer.Weight, layer.Bias! })], () => [.. layers.Select(layer => layer.Mask(set))]);
    }

    private static MadeDegrees Degrees(int set, int[] order, IReadOnlyList<long> hidden, int lowest, int? seed)
    {
        var widths = hidden.Select(width => (int)width);
        lowest = Math.Min(lowest, order.Length - 1);
        if (set == 0 && seed is null) return MadeDegrees.Even(order, widths, lowest);

        var random = new Random(HashOf(seed ?? 0, set));
        if (set > 0) random.Shuffle(order);
        return MadeDegrees.Random(order, widths, lowest, random);

        static int HashOf(int seed, int set) => unchecked(seed * 486187739 + set);
    }

    private Tensor[] Masks(Func<int, (int[] Rows, int[] Columns)> of) =>
        [.. Enumerable.Range(0, MaskSets).Select(set => MadeDegrees.Mask(of(set).Rows, of(set).Columns))];

    private int[] ColumnDegrees(int set, int layer) => layer == 0 ? degrees[set].Inputs(PositionSize, (int)ContextSize) : degrees[set].Hidden[layer - 1];

    private int[] RowDegrees(int set, int layer) => layer < degrees[set].Hidden.Length
        ? degrees[set].Hidden[layer]
        : [.. Enumerable.Repeat(degrees[set].Outputs, Parameters).SelectMany(positions => positions).SelectMany(position => Enumerable.Repeat(position, PositionSize))];
}
