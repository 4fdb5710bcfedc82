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
    /// <exception cref="ArgumentException">There is none, two neighbors do not fit, or two want contexts of different sizes.</exception>
    public Chain(params IEnumerable<Transform> transforms) : base(nameof(Chain))
    {
        ArgumentNullException.ThrowIfNull(transforms);
        Transform[] all = [.. transforms];
        Guard.NoneNull(all, nameof(transforms));
        if (all.Length == 0) throw new ArgumentException("A chain needs at least one transform.", nameof(transforms));
        ContextFeatures = CommonContext(nameof(Chain), all);
        (DataShape, LatentShape) = Compose(all);
        Features = CommonFeatures(all);
        layers = new ModuleList<Transform>(all);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool IsExact => layers.All(layer => layer.IsExact);

    /// <inheritdoc/>
    public override long ContextFeatures { get; }

    /// <inheritdoc/>
    public override long[]? DataShape { get; }

    /// <inheritdoc/>
    public override long[]? LatentShape { get; }

    /// <inheritdoc/>
    public override long? Features { get; }

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
    private protected override Takes Takes => Takes.Anything;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (z, total) = layers[0].Forward(x, For(layers[0], context));
        for (int k = 1; k < layers.Count; k++)
        {
            (z, var logDet) = layers[k].Forward(z, For(layers[k], context));
            total = total + logDet;
        }
        return (z, total);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        int last = layers.Count - 1;
        var (x, total) = layers[last].Inverse(z, For(layers[last], context));
        for (int k = last - 1; k >= 0; k--)
        {
            (x, var logDet) = layers[k].Inverse(x, For(layers[k], context));
            total = total + logDet;
        }
        return (x, total);
    }

    private static (long[]? Data, long[]? Latent) Compose(Transform[] all)
    {
        long[]? data = null, current = null;
        foreach (var layer in all)
        {
            if (layer.DataShape is { } wanted)
            {
                if (current is not null && !Compatible(current, wanted))
                    throw new ArgumentException($"{layer.GetName()} takes events of shape ({string.Join(", ", wanted)}); the layer before it gives ({string.Join(", ", current)}).", "transforms");
                data ??= wanted;
            }
            current = layer.LatentShape ?? current;
        }
        return (data, current);
    }

    // Layers that keep the shape speak of the same features; one that changes it starts anew.
    private static long? CommonFeatures(Transform[] all)
    {
        long? first = null, current = null;
        bool changed = false;
        foreach (var layer in all)
        {
            if (layer.Features is { } features)
            {
                if (current is { } before && before != features)
                    throw new ArgumentException($"{layer.GetName()} takes {features} features; the layer before it gives {before}.", "transforms");
                if (!changed) first = features;
                current = features;
            }
            else if (layer.DataShape is not null)
            {
                (changed, current) = (true, layer.LatentShape is [> 0 and var next, ..] ? next : null);
            }
        }
        return changed ? null : first;
    }

    private static bool Compatible(long[] given, long[] wanted) =>
        given.Length == wanted.Length && given.Zip(wanted).All(pair => pair.First < 0 || pair.Second < 0 || pair.First == pair.Second);
}
