namespace FlowKit.Models;

/// <summary>How large a Flow++ of images is: <see cref="FlowPlusPlus.ForImages"/>.</summary>
/// <remarks>The CIFAR-10 model of the published code and its ablations are named (Ho et al. 2019, Flow++, arXiv:1902.00275, sections 4.1 and 4.2). Figures are the paper's bits/dim on the test set; those of the
/// ablations are after 400 epochs, as are the 3.165 of the whole model that they are compared with.</remarks>
/// <param name="Channels">C >= 1.</param>
/// <param name="Height">H >= 1; even where there are channel couplings.</param>
/// <param name="Width">W, even; a multiple of 4 where columns are split once more behind channel couplings.</param>
/// <example><code>
/// manual_seed(0);
/// var sizes = new FlowPlusPlusSizes(Channels: 1, Height: 8, Width: 8) { Filters = 16, Blocks = 1, Components = 4, NoiseBlocks = 1, Levels = Digits.Levels };
/// Console.WriteLine(sizes.Dimensions);                              // => 64
/// Console.WriteLine(FlowPlusPlus.ForImages(sizes).Sample(2));       // => [2x1x8x8], type = Float32, device = cpu
/// Console.WriteLine(FlowPlusPlusSizes.Cifar10Uniform.Variational);  // => False
/// </code></example>
public sealed record FlowPlusPlusSizes(long Channels, long Height, long Width)
{
    /// <summary>CIFAR-10, 3x32x32: 96 filters, 10 blocks, 32 components, 4 heads, dropout 0.2; 31,443,440 parameters, 3.08 bits/dim.</summary>
    public static FlowPlusPlusSizes Cifar10 { get; } = new(3, 32, 32);

    /// <summary>Ablation with uniform dequantization: 104 filters, 32,324,408 parameters; 3.292 bits/dim.</summary>
    public static FlowPlusPlusSizes Cifar10Uniform { get; } = Cifar10 with { Variational = false, Filters = 104 };

    /// <summary>Ablation with affine couplings: 108 filters, 32,045,708 parameters; 3.200 bits/dim.</summary>
    public static FlowPlusPlusSizes Cifar10Affine { get; } = Cifar10 with { Affine = true, Filters = 108 };

    /// <summary>Ablation with pointwise networks in place of attention: 31,443,440 parameters; 3.193 bits/dim.</summary>
    public static FlowPlusPlusSizes Cifar10NoAttention { get; } = Cifar10 with { Heads = 0 };

    /// <summary>Channels of a coupling's network, >= 1.</summary>
    public int Filters { get; init; } = 96;

    /// <summary>Blocks of a coupling's network, >= 1.</summary>
    public int Blocks { get; init; } = 10;

    /// <summary>Logistics of a mixture, >= 1.</summary>
    public int Components { get; init; } = 32;

    /// <summary>Attention heads, a divisor of the filters; 0 puts a pointwise network of as many parameters in the place of attention.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The share that a network drops in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>Couplings of split columns at full size, >= 0.</summary>
    public int Checkerboards { get; init; } = 4;

    /// <summary>Couplings of channels after a squeeze, >= 0; without any there is neither the squeeze nor what follows.</summary>
    public int ChannelCouplings { get; init; } = 2;

    /// <summary>Couplings of split columns of the squeezed image, >= 0.</summary>
    public int LastCheckerboards { get; init; } = 3;

    /// <summary>Couplings of the noise, >= 1.</summary>
    public int NoiseCouplings { get; init; } = 4;

    /// <summary>Blocks of a network of the noise, >= 1.</summary>
    public int NoiseBlocks { get; init; } = 2;

    /// <summary>Whether the noise of the dequantization is learned; otherwise it is uniform.</summary>
    public bool Variational { get; init; } = true;

    /// <summary>Whether couplings are affine; otherwise a mixture's distribution function comes first.</summary>
    public bool Affine { get; init; }

    /// <summary>Levels of a pixel: 256 for 8 bits.</summary>
    public int Levels { get; init; } = 256;

    /// <summary>Numbers of one image, D = C H W.</summary>
    public long Dimensions => Channels * Height * Width;

    internal void Check()
    {
        Guard.Sizes([Channels, Height, Width], name: nameof(Channels));
        ArgumentOutOfRangeException.ThrowIfLessThan(Filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Blocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Components, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Heads);
        if (Heads > 0 && Filters % Heads != 0) throw new ArgumentException($"{Heads} heads do not share {Filters} filters evenly.", nameof(Heads));
        if (!(Dropout is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(Dropout), Dropout, "Expected a share in [0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegative(Checkerboards);
        ArgumentOutOfRangeException.ThrowIfNegative(ChannelCouplings);
        ArgumentOutOfRangeException.ThrowIfNegative(LastCheckerboards);
        ArgumentOutOfRangeException.ThrowIfLessThan(NoiseCouplings, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(NoiseBlocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Levels, 2);
        if (Width % 2 != 0) throw new ArgumentException($"Columns are split in two: the width is even; it was {Width}. Pad the images.", nameof(Width));
        if (ChannelCouplings == 0) return;

        if (Height % 2 != 0) throw new ArgumentException($"Channel couplings follow a squeeze: the height is even; it was {Height}. Pad the images, or take ChannelCouplings = 0.", nameof(Height));
        if (LastCheckerboards > 0 && Width % 4 != 0)
            throw new ArgumentException($"Columns are split before and after a squeeze: the width is a multiple of 4; it was {Width}. Pad the images, or take LastCheckerboards = 0.", nameof(Width));
    }
}
