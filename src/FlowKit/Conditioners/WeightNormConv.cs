using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A convolution with weight g v/|v|, length and direction of each filter apart, that keeps H and W.</summary>
/// <remarks>Salimans, Kingma 2016, Weight normalization, arXiv:1602.07868, eq. 2. Starts as an ordinary convolution: g = |v|.</remarks>
internal sealed class WeightNormConv : FlowModule
{
    private readonly Parameter v;
    private readonly Parameter g;
    private readonly Parameter bias;
    private readonly long[] padding;

    /// <param name="inputs">Channels read.</param>
    /// <param name="outputs">Channels given.</param>
    /// <param name="kernel">Side of the filter, odd.</param>
    public WeightNormConv(long inputs, long outputs, long kernel) : base(nameof(WeightNormConv))
    {
        using var plain = nn.Conv2d(inputs, outputs, kernel);
        v = new Parameter(plain.weight!.detach().clone());
        g = new Parameter(Length(v).detach());
        bias = new Parameter(plain.bias!.detach().clone());
        padding = [kernel / 2, kernel / 2];
        RegisterComponents();
    }

    public Tensor Forward(Tensor x) => nn.functional.conv2d(x, v * (g / Length(v).clamp_min(1e-12)), bias, padding: padding);

    /// <summary>|g|², a scalar.</summary>
    public Tensor SquaredLength() => g.square().sum();

    private static Tensor Length(Tensor v) => linalg.vector_norm(v, 2, [1, 2, 3], keepdim: true);
}
