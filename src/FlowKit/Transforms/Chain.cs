using System.Collections;
using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>f = f_K ∘ ... ∘ f_1: data passes the first transform first. Log-determinants add.</summary>
/// <example><code>
/// var chain = new Chain(new Logit(), Permutation.Reverse(2), new DiagonalScaling(2));
/// var (z, logDet) = chain.Forward(tensor(new[,] { { 0.5f, 0.75f } }));
/// Console.WriteLine(z.npstr());                               // => [[1.0986, 0]]
/// Console.WriteLine($"{chain.Count}, {chain[1].GetName()}");  // => 3, Permutation
/// Console.WriteLine(chain.Inverse(z).X.npstr());              // => [[0.5, 0.75]]
/// </code></example>
public sealed class Chain : Transform, IReadOnlyList<Transform>
{
    private readonly ModuleList<Transform> layers;

    /// <summary>The composition of <paramref name="transforms"/>, from data to latent.</summary>
    /// <exception cref="ArgumentException">There is none, two neighbors do not fit, or two want contexts of different shapes.</exception>
    public Chain(params IEnumerable<Transform> transforms) : base(nameof(Chain))
    {
        ArgumentNullException.ThrowIfNull(transforms);
        Transform[] all = [.. transforms];
        Guard.NoneNull(all, nameof(transforms));
        if (all.Length == 0) throw new ArgumentException("A chain needs at least one transform.", nameof(transforms));
        ContextShape = CommonContext(nameof(Chain), all);
        (DataShape, LatentShape) = Compose(all);
        layers = new ModuleList<Transform>(all);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsExact => layers.All(layer => layer.IsExact);

    /// <inheritdoc/>
    public override bool IsBijection => layers.All(layer => layer.IsBijection);

    /// <inheritdoc/>
    public override bool IsReparameterized => layers.All(layer => layer.IsReparameterized);

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    public override Shape LatentShape { get; }

    // Rotations and permutations take any vectors, and keep their norms.
    internal override bool IsOnSphere => layers.FirstOrDefault(layer => layer is not (Orthogonal or Permutation))?.IsOnSphere == true;

    /// <inheritdoc/>
    public override Transform Inverted => new Chain(layers.Reverse().Select(layer => layer.Inverted));

    /// <inheritdoc/>
    public int Count => layers.Count;

    /// <inheritdoc/>
    public Transform this[int index] => layers[index];

    /// <inheritdoc/>
    public IEnumerator<Transform> GetEnumerator() => layers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    internal override IReadOnlyList<TileStep>? TileSteps(bool inverse)
    {
        var steps = new List<TileStep>();
        foreach (var layer in inverse ? layers.Reverse() : layers)
        {
            if (layer.TileSteps(inverse) is not { } own) return null;
            steps.AddRange(own);
        }
        return steps;
    }

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Pass(x, context, [.. layers], inverse: false);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Pass(z, context, [.. layers.Reverse()], inverse: true);

    // Layers that follow one another are one operation wherever they can be: there are often many, and each is little work.
    private static (Tensor, Tensor) Pass(Tensor x, Tensor? context, Transform[] order, bool inverse)
    {
        Tensor? total = null;
        for (int k = 0; k < order.Length;)
        {
            var (y, logDet, layers) = order[k].Together(new(order, k, order.Length - k), x, context, inverse) ?? Alone(order[k]);
            x = y;
            total = total is null ? logDet : total + logDet;
            k += layers;
        }
        return (x, total!);

        (Tensor, Tensor, int) Alone(Transform layer)
        {
            var (y, logDet) = inverse ? layer.Inverse(x, ContextOf(layer, context)) : layer.Forward(x, ContextOf(layer, context));
            return (y, logDet, 1);
        }
    }

    // What later layers want of the shape holds for the data too, as long as no layer has changed it.
    private static (Shape Data, Shape Latent) Compose(Transform[] all)
    {
        var (data, current, changed) = (Shape.Any, Shape.Any, false);
        foreach (var layer in all)
        {
            var met = current.Meet(layer.DataShape)
                ?? throw new ArgumentException($"{layer.GetName()} takes events of shape {layer.DataShape}; the layer before it gives {current}.", "transforms");
            if (!changed) data = met;
            changed |= !layer.LatentShape.Equals(layer.DataShape);
            current = layer.After(met);
        }
        return (data, current);
    }
}
