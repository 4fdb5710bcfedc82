using System.Runtime.CompilerServices;

namespace FlowKit.Transforms;

/// <summary>A map between data x and latent z that knows what it adds to log p(x), optionally conditioned on a context c.</summary>
/// <remarks>
/// <para>Direction, for every transform: Forward carries data to latent, z = f(x; c); Inverse carries latent to data, x = f⁻¹(z; c).
/// Then log p(x) = log p_Z(z) + contribution, where the contribution of a bijection is log|det dz/dx|, and that of a layer that drops, adds or
/// randomizes something is its likelihood contribution (Nielsen et al. 2020, SurVAE flows, arXiv:2007.02731, eq. 4).</para>
/// <para>Shapes: x and z are (B, ...), the context is (B, <see cref="FlowModule.ContextShape"/>...), (1, ...) for all rows, or absent, log-determinants are (B), in nats.</para>
/// <para>Memory: results belong to the caller's dispose scope; every temporary is freed before returning.</para>
/// <para>Errors: a tensor or context of the wrong shape is an <see cref="ArgumentException"/>, a transform without an inverse throws
/// <see cref="NotSupportedException"/>. NaN in, NaN out.</para>
/// </remarks>
/// <example><code>
/// // log|det| of the way back is minus that of the way there.
/// manual_seed(0);
/// Transform[] transforms = [new DiagonalScaling(3), new LuLinear(3), new Planar(3), Maf.Create(features: 3, layers: 2).Transform];
/// var x = randn(10, 3);
/// foreach (var transform in transforms)
/// {
///     var (z, logDet) = transform.Forward(x);
///     var (back, backLogDet) = transform.Inverse(z);
///     Console.WriteLine($"{transform.GetName()}: {back.allclose(x, atol: 1e-4)}, {backLogDet.allclose(-logDet, atol: 1e-4)}");
/// }
/// // => DiagonalScaling: True, True
/// // => LuLinear: True, True
/// // => Planar: True, True
/// // => Chain: True, True
/// </code></example>
public abstract class Transform(string name) : FlowModule(name)
{
    /// <summary>Whether log p(x) through this layer is exact; if not, it is a lower bound (in expectation over the layer's noise).</summary>
    public virtual bool IsExact => true;

    /// <summary>Whether Inverse undoes Forward and Forward undoes Inverse: not for a layer that adds noise to x or drops a part of it.</summary>
    public virtual bool IsBijection => IsExact;

    /// <summary>Whether gradients flow through <see cref="Inverse"/> to everything it draws from; true where it draws nothing.</summary>
    public virtual bool IsReparameterized => true;

    /// <summary>Sizes of one x without the batch; <see cref="Shape.Any"/> takes any, <see cref="Shape.Leading"/> fixes the features or channels alone.</summary>
    public virtual Shape DataShape => Shape.Any;

    /// <summary>Sizes of one z without the batch; if equal to <see cref="DataShape"/>, z has the shape of x.</summary>
    public virtual Shape LatentShape => DataShape;

    /// <summary>This map read backwards: its Forward is this Inverse. IAF is MAF inverted.</summary>
    public virtual Transform Inverted => new InvertedTransform(this);

    /// <summary>z = f(x; c) and log|det dz/dx|.</summary>
    public (Tensor Z, Tensor LogDet) Forward(Tensor x, Tensor? context = null)
    {
        Check(x, DataShape, context);

        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        context = Spread(context, x.size(0));
        var (z, logDet) = Tiles(x, context, inverse: false) ?? ForwardCore(x, context);
        FiniteTrace.See(this, z, logDet);
        return scope.MoveToOuter(z, logDet);
    }

    /// <summary>x = f⁻¹(z; c) and log|det dx/dz|.</summary>
    public (Tensor X, Tensor LogDet) Inverse(Tensor z, Tensor? context = null)
    {
        Check(z, LatentShape, context);

        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        context = Spread(context, z.size(0));
        var (x, logDet) = Tiles(z, context, inverse: true) ?? InverseCore(z, context);
        FiniteTrace.See(this, x, logDet);
        return scope.MoveToOuter(x, logDet);
    }

    /// <summary>The mathematics of <see cref="Forward"/>. Returns fresh tensors, never an argument itself.</summary>
    protected abstract (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context);

    /// <summary>The mathematics of <see cref="Inverse"/>. Returns fresh tensors, never an argument itself.</summary>
    protected abstract (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context);

    private (Tensor, Tensor)? Tiles(Tensor x, Tensor? context, bool inverse) => TileRun.Takes(x, context) ? TileRun.Through(TileSteps(inverse), x, context) : null;

    /// <summary>This transform in one direction as steps over tiles of samples; null where ordinary operations are all there is.</summary>
    internal virtual IReadOnlyList<TileStep>? TileSteps(bool inverse) => null;

    /// <summary>This layer and those after it as one operation, as many as can be; null where there is nothing that saves calls.</summary>
    /// <param name="layers">This layer first.</param>
    /// <param name="x">What comes in, (B, ...).</param>
    /// <param name="context">A context for all of them, or none.</param>
    /// <param name="inverse">Whether the layers are passed backwards; they are in that order then.</param>
    /// <returns>What comes out, the log-determinant of all, and how many layers that was, > 1.</returns>
    internal virtual (Tensor Y, Tensor LogDet, int Layers)? Together(ArraySegment<Transform> layers, Tensor x, Tensor? context, bool inverse)
    {
        if (!TileRun.Takes(x, context)) return null;
        var (steps, count) = (new List<TileStep>(), 0);
        foreach (var layer in layers)
        {
            if (layer.TileSteps(inverse) is not { } own) break;
            steps.AddRange(own);
            count++;
        }
        return count > 1 && TileRun.Through(steps, x, context) is { } made ? (made.Y, made.LogDet, count) : null;
    }

    /// <summary>Shape of z for x of that shape.</summary>
    /// <exception cref="ArgumentException">The transform does not take such x.</exception>
    internal Shape After(Shape data, string name = "data")
    {
        var met = data.Meet(DataShape) ?? throw new ArgumentException($"{GetName()} takes events of shape {DataShape}; it is given {data}.", name);
        return LatentShape.Equals(DataShape) ? met : LatentShape;
    }

    /// <summary>Which numbers <see cref="ForwardCore"/> and <see cref="InverseCore"/> take; others are refused before. By default those of the precision of the parameters, or all real ones if there is none.</summary>
    /// <remarks>A composition takes any and lets its parts decide, as the first may take whole numbers.</remarks>
    protected virtual InputNumbers Accepts => IsParameterized ? InputNumbers.OwnPrecision : InputNumbers.Real;

    private void Check(Tensor tensor, Shape shape, Tensor? context, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        Guard.Batch(tensor, shape, name);
        Guard.Context(context, ContextShape, tensor.size(0), GetName());
        Guard.Real(tensor, name);
        Guard.Dense(context);
        Guard.Place(tensor, Place, GetName(), name);
        Guard.Place(context, Place, GetName());
        if (Accepts == InputNumbers.Real) Guard.Floating(tensor, GetName(), Dtype, name);
        if (Accepts != InputNumbers.OwnPrecision) return;

        Guard.Dtype(tensor, Dtype, GetName(), name);
        Guard.Dtype(context, Dtype, GetName());
    }

    /// <summary>A log-determinant that is the same for the whole batch, (B), of the precision of real <paramref name="like"/>.</summary>
    protected static Tensor SameForAll(double logDet, Tensor like) => full([like.size(0)], logDet, dtype: like.is_floating_point() ? like.dtype : get_default_dtype(), device: like.device);
}
