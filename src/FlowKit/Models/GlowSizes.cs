namespace FlowKit.Models;

/// <summary>How large a Glow of images is, and what its steps are made of: <see cref="Glow.ForImages"/>.</summary>
/// <remarks>
/// The paper's own sizes are named (Kingma, Dhariwal 2018, arXiv:1807.03039, section 5, table 2, and section 6). The figures are its bits/dim on the test set. There, W of the 1x1 convolutions is plain in the
/// published code; here it is factored unless <see cref="Mixing"/> says otherwise, with as many parameters.
/// </remarks>
/// <param name="Channels">C >= 1.</param>
/// <param name="Height">H, a multiple of 2^Scales.</param>
/// <param name="Width">W, a multiple of 2^Scales.</param>
/// <example><code>
/// manual_seed(0);
/// var sizes = new GlowSizes(Channels: 1, Height: 8, Width: 8) { Scales = 2, Steps = 2, Maps = 16, Levels = Digits.Levels };
/// Console.WriteLine(Glow.ForImages(sizes).Sample(3));                                                      // => [3x1x8x8], type = Float32, device = cpu
/// Console.WriteLine($"{GlowSizes.Cifar10.Scales} levels of {GlowSizes.Cifar10.Steps} steps");              // => 3 levels of 32 steps
/// </code></example>
public sealed record GlowSizes(long Channels, long Height, long Width)
{
    /// <summary>CIFAR-10, 3x32x32: three levels of 32 affine steps, 512 maps; 3.35 bits/dim, and 1.67 at 5 bits. 44,052,816 parameters; 44,603,604 by our count of the published code, whose 3x3 convolutions also read the image's edge.</summary>
    public static GlowSizes Cifar10 { get; } = new(3, 32, 32) { Scales = 3, Steps = 32, Maps = 512 };

    /// <summary>ImageNet at 3x32x32: three levels of 48 affine steps; 4.09 bits/dim, and 1.99 at 5 bits.</summary>
    public static GlowSizes ImageNet32 { get; } = Cifar10 with { Steps = 48 };

    /// <summary>ImageNet at 3x64x64: four levels of 48 affine steps; 3.81 bits/dim, and 1.76 at 5 bits.</summary>
    public static GlowSizes ImageNet64 { get; } = new(3, 64, 64) { Scales = 4, Steps = 48, Maps = 512 };

    /// <summary>LSUN at 3x64x64, as <see cref="ImageNet64"/>: 2.38 bits/dim for bedrooms, 2.46 for towers, 2.67 for churches.</summary>
    public static GlowSizes Lsun { get; } = ImageNet64;

    /// <summary>CelebA-HQ at 3x256x256 and 5 bits (<see cref="Glow.Reduce"/>): six levels of 32 additive steps; 1.03 bits/dim.</summary>
    public static GlowSizes CelebAHq { get; } = new(3, 256, 256) { Scales = 6, Steps = 32, Maps = 512, Additive = true, Levels = 32 };

    /// <summary>Levels L of the multi-scale architecture, 1 to 20: the image is squeezed L times, and half of the channels leave after each but the last.</summary>
    public int Scales { get; init; } = 2;

    /// <summary>Steps K of each level, >= 1: normalization, mixing, coupling.</summary>
    public int Steps { get; init; } = 4;

    /// <summary>Maps within each coupling's network, >= 1; 512 in the paper.</summary>
    public int Maps { get; init; } = 32;

    /// <summary>Whether couplings shift only, instead of shifting and scaling.</summary>
    public bool Additive { get; init; }

    /// <summary>How a step mixes its channels.</summary>
    public GlowMixing Mixing { get; init; } = GlowMixing.LuConv;

    /// <summary>Levels of a pixel: 256 for 8 bits, 32 for 5.</summary>
    public int Levels { get; init; } = 256;

    /// <summary>alpha of a logit in place of the paper's centering, in [0, 1/2): as in <see cref="ImageSizes.Alpha"/>, for pictures with many pixels at their darkest or lightest. Null: pixels are carried to [-1/2, 1/2].</summary>
    public double? Alpha { get; init; }

    /// <summary>Classes that the law of the last latent is conditioned on, >= 2; the context then is a class as one-hot code (<see cref="Inference.ClassPosterior.OneHot"/>). Null for none.</summary>
    public int? Classes { get; init; }

    /// <summary>Chooses the shuffles.</summary>
    public int Seed { get; init; }

    /// <summary>Numbers of one image, D = C H W.</summary>
    public long Dimensions => Channels * Height * Width;

    internal void Check()
    {
        Guard.Sizes([Channels, Height, Width], name: nameof(Channels));
        ArgumentOutOfRangeException.ThrowIfLessThan(Scales, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Scales, 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Maps, 1);
        if (!Enum.IsDefined(Mixing)) throw new ArgumentOutOfRangeException(nameof(Mixing), Mixing, "Expected one of the mixings that have a name.");
        if (Classes is { } classes) ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2, nameof(Classes));
        long part = 1L << Scales;
        if (Height % part != 0 || Width % part != 0)
            throw new ArgumentException($"{Scales} levels halve an image {Scales} times: sizes are multiples of {part}; they were {Height}x{Width}. Pad the images, or take fewer levels.", nameof(Height));
    }
}
