using System.Numerics;

namespace FlowKit.Models;

/// <summary>How large an integer discrete flow of images is: <see cref="IntegerDiscreteFlow.ForImages"/>.</summary>
/// <remarks>The paper's own sizes are named (Hoogeboom et al. 2019, arXiv:1905.07376, section 5, and its published code). The figures are its coded bits/dim on the test set, table 1.</remarks>
/// <param name="Channels">C >= 1.</param>
/// <param name="Height">H, a multiple of 2^Scales.</param>
/// <param name="Width">W, a multiple of 2^Scales.</param>
/// <example><code>
/// manual_seed(0);
/// var flow = IntegerDiscreteFlow.ForImages(IntegerFlowSizes.Digits with { Couplings = 2, Maps = 16 });
/// Console.WriteLine(flow.Sample(3));                                                          // => [3x1x8x8], type = Float32, device = cpu
/// Console.WriteLine($"{IntegerFlowSizes.Cifar10.Scales} scales of {IntegerFlowSizes.Cifar10.Couplings} couplings");  // => 3 scales of 8 couplings
/// </code></example>
public sealed record IntegerFlowSizes(long Channels, long Height, long Width)
{
    /// <summary>CIFAR-10, 3x32x32: three scales of eight couplings, networks of twelve layers and 512 maps; 3.34 bits/dim.</summary>
    public static IntegerFlowSizes Cifar10 { get; } = new(3, 32, 32) { Scales = 3, Couplings = 8, Depth = 12, Maps = 512 };

    /// <summary>ImageNet at 3x32x32, as <see cref="Cifar10"/>; 4.18 bits/dim.</summary>
    public static IntegerFlowSizes ImageNet32 { get; } = Cifar10;

    /// <summary>ImageNet at 3x64x64: four scales; 3.90 bits/dim.</summary>
    public static IntegerFlowSizes ImageNet64 { get; } = Cifar10 with { Height = 64, Width = 64, Scales = 4 };

    /// <summary>The 8x8 digits of 17 levels: two scales of four couplings; what leaves follows mixtures of five.</summary>
    public static IntegerFlowSizes Digits { get; } = new(1, 8, 8) { Levels = 17, PriorComponents = 5 };

    /// <summary>Fashion-MNIST at 14x14, padded to 16x16: two scales of four couplings.</summary>
    public static IntegerFlowSizes FashionMnist14 { get; } = new(1, 16, 16) { PriorComponents = 5 };

    /// <summary>L >= 1; each scale halves the image, and half of the channels leave after each but the last.</summary>
    public int Scales { get; init; } = 2;

    /// <summary>Couplings of each scale, >= 0. With 0 nothing but the conditional laws of what leaves can learn: the control of an experiment.</summary>
    public int Couplings { get; init; } = 4;

    /// <summary>Layers of each <see cref="Conditioners.DenseNet"/>, >= 1.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Maps at the end of each network, >= 1: every layer adds its share of them.</summary>
    public int Maps { get; init; } = 64;

    /// <summary>Discretized logistics in each element of the last latent, >= 1; their constants are learned.</summary>
    public int Components { get; init; } = 5;

    /// <summary>Discretized logistics in each element of what leaves between the scales, >= 1; the paper has one.</summary>
    public int PriorComponents { get; init; } = 1;

    /// <summary>Levels K >= 2 of a pixel: 256 for 8 bits. They set the unit that networks count in; the support is all whole numbers, whatever K.</summary>
    public int Levels { get; init; } = 256;

    /// <summary>Chooses the permutations.</summary>
    public int Seed { get; init; }

    /// <summary>Numbers of one image, D = C H W.</summary>
    public long Dimensions => Channels * Height * Width;

    /// <summary>What networks read as 0: K / 2, rounded down.</summary>
    public double Middle => Levels / 2;

    /// <summary>What networks read and write as 1: the largest power of two in K / 4, at least 1.</summary>
    public double Unit => 1L << Math.Max(0, BitOperations.Log2((uint)Levels) - 2);

    internal void Check()
    {
        Guard.Sizes([Channels, Height, Width], name: nameof(Channels));
        ArgumentOutOfRangeException.ThrowIfLessThan(Scales, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Scales, 20);
        ArgumentOutOfRangeException.ThrowIfNegative(Couplings);
        ArgumentOutOfRangeException.ThrowIfLessThan(Depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Maps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Components, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PriorComponents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Levels, 2);
        long part = 1L << Scales;
        if (Height % part != 0 || Width % part != 0)
            throw new ArgumentException($"{Scales} scales halve an image {Scales} times: sizes are multiples of {part}; they were {Height}x{Width}. Pad the images.", nameof(Height));
    }
}
