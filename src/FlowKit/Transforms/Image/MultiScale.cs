using FlowKit.Conditioners;
using FlowKit.Distributions;
using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>Levels f_1, ..., f_L; after each but the last, half of the channels leave for the latent and the other half goes on. z = (z_1, ..., z_L), flattened: a bijection of D numbers, so that a plain base fits.</summary>
/// <remarks>
/// <para>h_0 = x, (h_l, z_l) = the two halves of f_l(h_{l-1}), z_L = f_L(h_{L-1}); log-determinants add. The first half goes on, rounded up for an odd number of channels.
/// Dinh et al. 2017, arXiv:1605.08803, section 3.6.</para>
/// <para>With a prior network, p(z_l | h_l) = N(mu(h_l), sigma(h_l)²) instead of N(0, 1): what leaves is (z_l - mu) / sigma, an affine coupling that reads the half that goes
/// on. Kingma, Dhariwal 2018, Glow, arXiv:1807.03039 (in its code); Hoogeboom et al. 2019, arXiv:1905.07376, section 3.3.</para>
/// <para>That prior keeps the whole a bijection. Any other conditional law of what leaves, as a mixture or a discrete one, makes a chain with <see cref="Factored"/>; where the levels' contexts
/// are to differ, each is an <see cref="EmbeddedTransform"/>.</para>
/// <para>Shapes: x is (B, C, H, W), or any (B, C, ...) the levels take; z is (B, D).</para>
/// </remarks>
/// <example><code>
/// // Digits at three scales: half of the channels leave after each of the first two.
/// var flow = new MultiScale([1, 8, 8], [new Squeeze(1, 8, 8), new Squeeze(2, 4, 4), new Orthogonal(4)]);
/// var (z, logDet) = flow.Forward(Digits.Load().Images[..5].reshape(-1, 1, 8, 8));
/// Console.WriteLine(z);  // => [5x64], type = Float32, device = cpu
/// foreach (var part in flow.Parts(z)) Console.WriteLine(part);
/// // => [5x2x4x4], type = Float32, device = cpu
/// // => [5x4x2x2], type = Float32, device = cpu
/// // => [5x4x2x2], type = Float32, device = cpu
/// </code></example>
public sealed class MultiScale : Transform
{
    private readonly ModuleList<Transform> levels;
    private readonly ModuleList<Coupling> priors;
    private readonly Shape[] parts;

    /// <summary>A multi-scale flow.</summary>
    /// <param name="dataShape">Sizes of one x without the batch, (C, H, W).</param>
    /// <param name="levels">f_1, ..., f_L, as <c>new Chain(new Squeeze(...), ...)</c>; their <see cref="Transform.LatentShape"/> tells how sizes change.</param>
    /// <param name="prior">Makes the network of a level's prior from (inputs, outputs): the channels that go on, and two for each that leaves. Null for N(0, 1).</param>
    /// <exception cref="ArgumentException">A level does not take what the one before leaves, or leaves fewer than two channels to halve.</exception>
    public MultiScale(Shape dataShape, IReadOnlyList<Transform> levels, Func<long, long, Conditioner>? prior = null) : base(nameof(MultiScale))
    {
        Guard.Sizes(dataShape, dimensions: 1);
        ArgumentNullException.ThrowIfNull(levels);
        Guard.NoneNull(levels, nameof(levels));
        if (levels.Count == 0) throw new ArgumentException("A multi-scale flow needs at least one level.", nameof(levels));

        DataShape = dataShape;
        this.levels = new ModuleList<Transform>([.. levels]);
        parts = new Shape[levels.Count];
        var couplings = new List<Coupling>();
        var shape = DataShape;
        for (int l = 0; l < levels.Count; l++)
        {
            shape = After(levels[l], shape);
            if (l == levels.Count - 1) { parts[l] = shape; break; }

            if (shape[0] < 2) throw new ArgumentException($"Level {l} leaves {shape}: two channels are needed, one to leave and one to go on.", nameof(levels));
            long leaving = shape[0] / 2, staying = shape[0] - leaving;
            if (prior is not null) couplings.Add(new Coupling(Masks.Half(shape[0], second: true), new AffineMap(), prior));
            parts[l] = [leaving, .. shape[1..]];
            shape = [staying, .. shape[1..]];
        }
        priors = new ModuleList<Coupling>([.. couplings]);
        LatentShape = [parts.Sum(part => part.Volume)];
        ContextShape = CommonContext(nameof(MultiScale), [.. levels, .. couplings]);
        RegisterComponents();
    }

    /// <summary>The same levels with any law for what leaves between them: f_1, a factor-out, f_2, ..., f_L. The latent is z_L alone, in its own shape.</summary>
    /// <param name="dataShape">Sizes of one x without the batch, (C, H, W).</param>
    /// <param name="levels">f_1, ..., f_L.</param>
    /// <param name="prior">Makes the law of what leaves from the shape of what goes on, its context, and the shape of its own events, as <see cref="FactorOut"/> asks for it.</param>
    /// <exception cref="ArgumentException">A level does not take what the one before leaves, or leaves fewer than two channels to halve.</exception>
    public static Chain Factored(Shape dataShape, IReadOnlyList<Transform> levels, Func<Shape, Shape, Distribution> prior)
    {
        Guard.Sizes(dataShape, dimensions: 1);
        ArgumentNullException.ThrowIfNull(levels);
        Guard.NoneNull(levels, nameof(levels));
        var (all, shape) = (new List<Transform>(), dataShape);
        foreach (var level in levels)
        {
            if (all.Count > 0)
            {
                var leave = new FactorOut(shape, prior);
                all.Add(leave);
                shape = leave.LatentShape;
            }
            shape = After(level, shape);
            all.Add(level);
        }
        return new(all);
    }

    /// <inheritdoc/>
    public override bool IsExact => levels.All(level => level.IsExact);

    /// <inheritdoc/>
    public override bool IsBijection => levels.All(level => level.IsBijection);

    /// <inheritdoc/>
    public override bool IsReparameterized => levels.All(level => level.IsReparameterized);

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    public override Shape DataShape { get; }

    /// <inheritdoc/>
    public override Shape LatentShape { get; }

    /// <summary>f_1, ..., f_L.</summary>
    internal IReadOnlyList<Transform> Levels => [.. levels];

    /// <summary>The parts of z, level by level, each in its own shape: (B, D) to (B, C_l, H_l, W_l) for l = 1..L.</summary>
    public IReadOnlyList<Tensor> Parts(Tensor z)
    {
        Guard.Batch(z, LatentShape);
        return [.. z.split([.. parts.Select(part => part.Volume)], dim: 1).Zip(parts, (part, shape) => part.reshape([z.size(0), .. shape]))];
    }

    /// <inheritdoc/>
    protected override InputNumbers Accepts => InputNumbers.Any;

    /// <inheritdoc/>
    protected override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var left = new Tensor[parts.Length];
        var (h, total) = (x, SameForAll(0, x));
        for (int l = 0; l < parts.Length; l++)
        {
            h = Add(levels[l].Forward(h, ContextOf(levels[l], context)));
            if (l < priors.Count) h = Add(priors[l].Forward(h, ContextOf(priors[l], context)));
            long leaving = parts[l][0], staying = h.size(1) - leaving;       // at the last level nothing stays
            left[l] = h.narrow(1, staying, leaving).flatten(1);
            h = h.narrow(1, 0, staying);
        }
        return (cat(left, dim: 1), total);

        Tensor Add((Tensor Z, Tensor LogDet) step)
        {
            total = total + step.LogDet;
            return step.Z;
        }
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var left = Parts(z);
        var (h, total) = (left[^1], SameForAll(0, z));
        for (int l = parts.Length - 1; l >= 0; l--)
        {
            if (l < parts.Length - 1) h = cat([h, left[l]], dim: 1);
            if (l < priors.Count) h = Add(priors[l].Inverse(h, ContextOf(priors[l], context)));
            h = Add(levels[l].Inverse(h, ContextOf(levels[l], context)));
        }
        return (h, total);

        Tensor Add((Tensor X, Tensor LogDet) step)
        {
            total = total + step.LogDet;
            return step.X;
        }
    }

    private static Shape After(Transform level, Shape shape)
    {
        var after = level.After(shape, "levels");
        return after.IsFixed ? after : shape;
    }
}
