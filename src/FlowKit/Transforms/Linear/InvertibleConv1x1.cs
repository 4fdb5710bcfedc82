using TorchSharp.Modules;

namespace FlowKit.Transforms;

/// <summary>z = W x at every position of an image, W a learned c x c matrix that starts as a random rotation: Glow's permutation of channels, made learnable.</summary>
/// <remarks>
/// <para>Kingma, Dhariwal 2018, Glow, arXiv:1807.03039, section 3.2. Factored: W = P L (U + diag(s)), P and the signs of s fixed by the initial rotation,
/// ln|s| learned: log|det dz/dx| = H W sum of ln|s|, and W stays invertible. Plain: W itself is learned, log|det dz/dx| = H W ln|det W|;
/// training may drive it to a singular matrix, which is an <see cref="InvalidOperationException"/>.</para>
/// <para>With groups, W is block-diagonal: each group of neighboring channels has a matrix of its own.</para>
/// <para>Shapes: x is (B, c, H, W), or (B, c).</para>
/// </remarks>
/// <example><code>
/// // Glow's step: normalization, mixing of channels, coupling.
/// manual_seed(0);
/// Transform Step() => new Chain(new ActNorm(4), new InvertibleConv1x1(4), new Coupling(Masks.Half(4, second: true), new AffineMap(), (inputs, outputs) => new ConvResidualNet(inputs, outputs, width: 8)));
/// var flow = new Flow(new Chain(new Squeeze(1, 8, 8), Step(), Step()), new StandardNormal(4, 4, 4));
/// Console.WriteLine(flow.LogProb(randn(10, 1, 8, 8)));  // => [10], type = Float32, device = cpu
/// </code></example>
public sealed class InvertibleConv1x1 : LinearTransform
{
    private readonly Parameter weight;
    private readonly Tensor? order;
    private readonly Tensor? sign;

    /// <summary>A 1x1 convolution that starts as a random rotation.</summary>
    /// <param name="channels">c >= 1.</param>
    /// <param name="factored">Whether W is kept as P L (U + diag(s)), or plain.</param>
    public InvertibleConv1x1(long channels, bool factored = true) : base(nameof(InvertibleConv1x1), Guard.Size(channels, least: 1))
    {
        var rotation = linalg.qr(randn(channels, channels, dtype: float64, device: CPU)).Q;
        if (!factored)
        {
            weight = new Parameter(rotation.to(get_default_dtype()).contiguous());
            RegisterComponents();
            return;
        }
        var (p, l, u) = linalg.lu(rotation);
        var diagonal = u.diagonal();
        order = p.argmax(1);                                                 // row i of P has its one there
        sign = diagonal.sign().to(get_default_dtype());
        weight = new Parameter((l.tril(-1) + u.triu(1) + diagonal.abs().log().diag_embed()).to(get_default_dtype()).contiguous());
        RegisterComponents();
    }

    private InvertibleConv1x1(long channels, Tensor plain) : base(nameof(InvertibleConv1x1), channels)
    {
        weight = new Parameter(plain);
        RegisterComponents();
    }

    /// <summary>A 1x1 convolution that starts near the identity: I, and on every element noise from N(0, noise²). W is plain.</summary>
    /// <remarks>Where layers are not to mix channels before they have learned to, as in the published code of Flow++ (Ho et al. 2019, arXiv:1902.00275).</remarks>
    /// <param name="channels">c >= 1.</param>
    /// <param name="groups">How many groups of neighboring channels have a matrix of their own, a divisor of c; W is 0 between them.</param>
    /// <param name="noise">Standard deviation of the noise, >= 0.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public static InvertibleConv1x1 NearIdentity(long channels, long groups = 1, double noise = 1e-3)
    {
        Guard.Size(channels, least: 1);
        Guard.Size(groups, least: 1);
        Guard.Weight(noise);
        if (channels % groups != 0) throw new ArgumentException($"{groups} groups do not share {channels} channels evenly.", nameof(groups));
        long each = channels / groups;
        var plain = eye(each, dtype: get_default_dtype(), device: CPU) + randn([groups, each, each], dtype: get_default_dtype(), device: CPU) * noise;
        return new(channels, plain.squeeze(0));                               // one group is a matrix
    }

    private protected override Tensor Weight()
    {
        if (sign is not null) return Plu.Product(weight, Diagonal(), order!);
        var whole = Whole();
        CheckPivots(whole);
        return whole;
    }

    private protected override Tensor InverseWeight()
    {
        if (sign is not null) return Plu.Inverse(weight, Diagonal(), order!);
        var whole = Whole();
        CheckPivots(whole);
        return linalg.inv(whole);
    }

    private protected override Tensor? LogAbsDet() => sign is not null ? weight.diagonal().sum() : linalg.slogdet(weight).Item2.sum();

    private Tensor Whole() => weight.Dimensions == 2 ? weight.alias() : block_diag(weight.unbind(0));

    private Tensor Diagonal() => weight.diagonal().exp() * sign!;

    private void CheckPivots(Tensor whole)
    {
        using var none = no_grad();
        var pivots = linalg.lu(whole).U.diagonal().abs();                    // lu_factor would throw its own error first
        double least = pivots.min().ToDouble(), most = pivots.max().ToDouble();
        if (!(least > most * Size * (weight.dtype == float64 ? Math.Pow(2, -52) : Math.Pow(2, -23))))
            throw Singular($"its pivots run from {least:g3} to {most:g3}. "
                + (weight.Dimensions == 2 ? $"Use the LU form, new InvertibleConv1x1({Size}, factored: true): it cannot become singular" : "Lower the learning rate"));
    }
}
