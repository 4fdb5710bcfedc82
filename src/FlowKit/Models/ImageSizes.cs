namespace FlowKit.Models;

/// <summary>How large a RealNVP of images is: <see cref="RealNvp.ForImages"/>.</summary>
/// <remarks>
/// The paper's own sizes are named (Dinh et al. 2017, arXiv:1605.08803, section 4.1): for CIFAR-10 one downscaling, for the others as many as lead to 4x4.
/// The figures are its bits/dim on the test set.
/// </remarks>
/// <param name="Channels">C >= 1.</param>
/// <param name="Height">H >= 1; each scale but the last halves it.</param>
/// <param name="Width">W >= 1; each scale but the last halves it.</param>
/// <example><code>
/// var sizes = new ImageSizes(Channels: 1, Height: 8, Width: 8) { Scales = 2, Blocks = 1, Maps = 8, Levels = Digits.Levels };
/// Console.WriteLine(sizes.Dimensions);                    // => 64
/// Console.WriteLine(RealNvp.ForImages(sizes).Sample(2));  // => [2x1x8x8], type = Float32, device = cpu
/// Console.WriteLine(ImageSizes.Cifar10.Maps);             // => 64
/// </code></example>
public sealed record ImageSizes(long Channels, long Height, long Width)
{
    /// <summary>CIFAR-10, 3x32x32: two scales, 8 blocks, 64 maps, normalization by moving averages; 3.49 bits/dim.</summary>
    public static ImageSizes Cifar10 { get; } = new(3, 32, 32) { Scales = 2, Blocks = 8, Maps = 64, MovingAverages = true };

    /// <summary>ImageNet at 3x32x32: four scales, 4 blocks, 32 maps; 4.28 bits/dim.</summary>
    public static ImageSizes ImageNet32 { get; } = new(3, 32, 32) { Scales = 4, Blocks = 4, Maps = 32 };

    /// <summary>ImageNet at 3x64x64: five scales, 2 blocks, 32 maps; 3.98 bits/dim.</summary>
    public static ImageSizes ImageNet64 { get; } = new(3, 64, 64) { Scales = 5, Blocks = 2, Maps = 32 };

    /// <summary>CelebA at 3x64x64: five scales, 2 blocks, 32 maps; 3.02 bits/dim.</summary>
    public static ImageSizes CelebA { get; } = ImageNet64;

    /// <summary>Scales L, >= 1: the image is squeezed L - 1 times.</summary>
    public int Scales { get; init; } = 2;

    /// <summary>Residual blocks of a conditioner, >= 0.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Maps of a conditioner at full size, >= 1; they double where the image is halved.</summary>
    public int Maps { get; init; } = 32;

    /// <summary>Levels of a pixel: 256 for 8 bits.</summary>
    public int Levels { get; init; } = 256;

    /// <summary>alpha of the logit, in [0, 1/2).</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Whether conditioners and couplings normalize by batches.</summary>
    public bool BatchNorm { get; init; } = true;

    /// <summary>Whether those normalizations use running averages in training, too, as the paper did for CIFAR-10 (appendix E): <see cref="Transforms.BatchNormTransform"/>.</summary>
    public bool MovingAverages { get; init; }

    /// <summary>Numbers of one image, D = C H W.</summary>
    public long Dimensions => Channels * Height * Width;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Scales, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Scales, 20);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(Maps, 1);
        long part = 1L << (Scales - 1);
        if (Height < part || Width < part || Height % part != 0 || Width % part != 0)
            throw new ArgumentException($"{Scales} scales halve an image {Scales - 1} times: sizes are multiples of {part}; they were {Height}x{Width}.", nameof(Height));
        if (Height / part * (Width / part) < 2)
            throw new ArgumentException($"{Scales} scales leave a single pixel of {Height}x{Width}; a checkerboard needs two.", nameof(Height));
    }
}
