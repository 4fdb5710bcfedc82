namespace FlowKit.Conditioners;

/// <summary>Glow's conditioner of images: convolutions 3x3, 1x1 and 3x3 with ReLU between; the first two are followed by activation normalization, the last starts at zero and has a learned factor e^{3 l} a channel.</summary>
/// <remarks>
/// <para>Kingma, Dhariwal 2018, arXiv:1807.03039, sections 3.3 and 5, with the details of its published code. The first training batch sets the normalizations, as it does <see cref="Transforms.ActNorm"/>.</para>
/// <para>Departure: the code lets every 3x3 convolution read one more channel, which is 1 beyond the image's edge and 0 within; here images are padded with zeros alone.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new GlowNet(inputs: 6, outputs: 12, width: 512);
/// Console.WriteLine(net.ParameterCount);                      // => 347160
/// Console.WriteLine(net.Forward(randn(2, 6, 16, 16), null));  // => [2x12x16x16], type = Float32, device = cpu
/// </code></example>
public sealed class GlowNet : ImageConditioner
{
    private readonly NormalizedConv first;
    private readonly NormalizedConv second;
    private readonly ScaledZeroConv last;

    /// <summary>A network of three convolutions.</summary>
    /// <param name="inputs">Channels read, >= 1.</param>
    /// <param name="outputs">Channels given, >= 1.</param>
    /// <param name="width">Channels between the layers, >= 1; 512 in the paper.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    public GlowNet(long inputs, long outputs, long width, Shape? contextShape = null) : base(nameof(GlowNet), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        first = new NormalizedConv(ReadChannels, width, kernel: 3);
        second = new NormalizedConv(width, width, kernel: 1);
        last = new ScaledZeroConv(width, outputs);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor image) => last.Forward(second.Forward(first.Forward(image).relu_()).relu_(), context: null);
}
