using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A densely connected network on images: every layer, 1x1 then 3x3, reads all before it; the last starts at zero. The conditioner of integer discrete flows.</summary>
/// <remarks>Huang et al. 2017, arXiv:1608.06993, without its normalization and pooling; Hoogeboom et al. 2019, arXiv:1905.07376, section 3.4.</remarks>
/// <example><code>
/// manual_seed(0);
/// var net = new DenseNet(inputs: 1, outputs: 2, growth: 8, depth: 3);
/// Console.WriteLine(net.Forward(randn(4, 1, 8, 8), null));  // => [4x2x8x8], type = Float32, device = cpu
/// </code></example>
public sealed class DenseNet : ImageConditioner
{
    private readonly ModuleList<Conv2d> narrow;
    private readonly ModuleList<Conv2d> wide;
    private readonly Conv2d last;
    private readonly Activation activation;

    /// <summary>A dense network.</summary>
    /// <param name="inputs">Channels read, >= 1.</param>
    /// <param name="outputs">Channels given, >= 1.</param>
    /// <param name="growth">Channels each layer adds, >= 1.</param>
    /// <param name="depth">How many layers, >= 1.</param>
    /// <param name="contextShape">Sizes of one context, (C) or (C, h, w); null for none.</param>
    /// <param name="activation">After each convolution but the last.</param>
    public DenseNet(long inputs, long outputs, long growth, int depth = 4, Shape? contextShape = null, Activation activation = Activation.ReLU)
        : base(nameof(DenseNet), inputs, outputs, contextShape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(growth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        this.activation = activation;
        long read = ReadChannels;
        narrow = new ModuleList<Conv2d>([.. Enumerable.Range(0, depth).Select(i => nn.Conv2d(read + i * growth, growth, kernel_size: 1))]);
        wide = new ModuleList<Conv2d>([.. Enumerable.Range(0, depth).Select(_ => nn.Conv2d(growth, growth, kernel_size: 3, padding: 1))]);
        last = ZeroConv(read + depth * growth, outputs);
        RegisterComponents();
    }

    /// <summary>The 1x1 convolution of each layer, which reads all before it.</summary>
    public IReadOnlyList<Conv2d> Narrow => [.. narrow];

    /// <summary>The 3x3 convolution of each layer.</summary>
    public IReadOnlyList<Conv2d> Wide => [.. wide];

    /// <summary>The 1x1 convolution that gives the outputs.</summary>
    public Conv2d Last => last;

    /// <summary>After each convolution but the last.</summary>
    public Activation Activation => activation;

    /// <inheritdoc/>
    internal override bool PassesInputs => true;

    /// <inheritdoc/>
    internal override void StartAt(Tensor constants, Tensor? slopes)
    {
        using var none = no_grad();
        last.bias!.copy_(constants);
        last.weight!.zero_();
        if (slopes is not null) last.weight!.narrow(1, 0, Inputs).copy_(slopes.unsqueeze(2).unsqueeze(3));
    }

    /// <inheritdoc/>
    protected override Tensor Read(Tensor image)
    {
        var h = image;
        for (int i = 0; i < narrow.Count; i++)
            h = cat([h, Layer(wide[i], Layer(narrow[i], h))], dim: 1);
        return last.call(h);

        Tensor Layer(Conv2d layer, Tensor x) => activation.Apply(layer.call(x));
    }
}
