using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A convolutional decoder: vectors to the parameters of an image, by a linear layer and 3x3 convolutions each after an up-sampling to nearest neighbors; the last layer starts at zero.</summary>
/// <remarks>
/// <para>Shapes: (B, Inputs) to (B, Outputs) with Outputs = P C H W, P-major, as <see cref="Distributions.Family.Conditional"/> asks for an image's parameters. The channels halve with each level.</para>
/// <para>Up-sampling before a convolution, rather than a transposed one, leaves no checkerboard (Odena, Dumoulin, Olah 2016, Deconvolution and checkerboard artifacts).</para>
/// </remarks>
/// <example><code>
/// // The decoder of an autoencoder of 8-bit images: a discretized logistic law for each pixel.
/// manual_seed(0);
/// var likelihood = new DiscretizedLogistic(256).Conditional(16, (inputs, outputs) => new UpsamplingNet(inputs, outputs, height: 28, width: 28), 1, 28, 28);
/// Console.WriteLine(likelihood.Sample(5, randn(5, 16)));  // => [5x1x28x28], type = Float32, device = cpu
/// </code></example>
public sealed class UpsamplingNet : Conditioner
{
    private readonly Linear first;
    private readonly ModuleList<Conv2d> convolutions;
    private readonly Conv2d last;
    private readonly long height;
    private readonly long width;
    private readonly Activation activation;

    /// <summary>A decoder to images of one size.</summary>
    /// <param name="inputs">Numbers read, >= 1.</param>
    /// <param name="outputs">Numbers given, a multiple of H W.</param>
    /// <param name="height">H >= 1.</param>
    /// <param name="width">W >= 1.</param>
    /// <param name="channels">Channels before the last layer, >= 1.</param>
    /// <param name="levels">How often height and width are doubled, >= 1.</param>
    /// <param name="activation">After each layer but the last.</param>
    /// <exception cref="ArgumentException">The outputs are no multiple of H W.</exception>
    public UpsamplingNet(long inputs, long outputs, long height, long width, long channels = 32, int levels = 2, Activation activation = Activation.ReLU)
        : base(nameof(UpsamplingNet), Guard.Size(inputs, least: 1), outputs, contextShape: null)
    {
        _ = OneDnn.IsUsable;
        Guard.Size(height, least: 1);
        Guard.Size(width, least: 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        if (outputs < 1 || outputs % (height * width) != 0)
            throw new ArgumentException($"Expected a multiple of {height} x {width} = {height * width} outputs, all parameters of every pixel; got {outputs}.", nameof(outputs));
        (this.height, this.width, this.activation) = (height, width, activation);
        first = nn.Linear(inputs, (channels << levels) * Halved(height, levels) * Halved(width, levels));
        convolutions = new ModuleList<Conv2d>([.. Enumerable.Range(1, levels).Reverse().Select(level =>
            nn.Conv2d(channels << level, channels << level - 1, kernel_size: 3, padding: 1))]);
        last = nn.Conv2d(channels, outputs / (height * width), kernel_size: 1);
        nn.init.zeros_(last.weight!);
        nn.init.zeros_(last.bias!);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, Tensor? context)
    {
        if (x.Dimensions != 2 || x.size(1) != Inputs) throw new ArgumentException($"x has shape {Guard.Describe(x)}; {GetName()} expected (B, {Inputs}).", nameof(x));
        int levels = convolutions.Count;
        var h = activation.Apply(first.call(x)).unflatten(1, [first.out_features / (Halved(height, levels) * Halved(width, levels)), Halved(height, levels), Halved(width, levels)]);
        for (int done = 1; done <= levels; done++)
        {
            var larger = nn.functional.interpolate(h, [Halved(height, levels - done), Halved(width, levels - done)], mode: InterpolationMode.Nearest);
            h = activation.Apply(convolutions[done - 1].call(larger));
        }
        return last.call(h).flatten(1);
    }

    /// <summary>A size halved so many times, rounded up each time.</summary>
    internal static long Halved(long size, int times) => times == 0 ? size : Halved((size + 1) / 2, times - 1);
}
