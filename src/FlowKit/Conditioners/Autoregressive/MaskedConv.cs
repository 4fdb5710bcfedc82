using TorchSharp.Modules;

namespace FlowKit.Conditioners;

/// <summary>A 3x3 convolution that reads the rows above, the pixels to the left in its own row, and at its own pixel only channels of lower degree.</summary>
internal sealed class MaskedConv : FlowModule
{
    private const int Side = 3;

    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <param name="from">The degree of each input channel.</param>
    /// <param name="to">The degree of each output channel.</param>
    /// <param name="strict">Whether an output reads lower degrees only, or its own too.</param>
    /// <param name="zero">Whether it starts at zero.</param>
    public MaskedConv(int[] from, int[] to, bool strict, bool zero = false) : base(nameof(MaskedConv))
    {
        using var plain = nn.Conv2d(from.Length, to.Length, Side);
        var (w, b) = (plain.weight!.detach().clone(), plain.bias!.detach().clone());
        weight = new Parameter(zero ? zeros_like(w) : w);
        bias = new Parameter(zero ? zeros_like(b) : b);
        SetConstant("mask", Mask(from, to, strict));
        RegisterComponents();
    }

    public Tensor Forward(Tensor x) => nn.functional.conv2d(x, weight * GetConstant("mask").to(weight.dtype), bias, padding: [Side / 2, Side / 2]);

    private static Tensor Mask(int[] from, int[] to, bool strict)
    {
        const int center = Side / 2;
        var mask = new float[to.Length, from.Length, Side, Side];
        for (int o = 0; o < to.Length; o++)
            for (int i = 0; i < from.Length; i++)
                for (int row = 0; row <= center; row++)
                    for (int column = 0; column < Side; column++)
                    {
                        bool isBefore = row < center || column < center;
                        bool isAtPixel = row == center && column == center && (strict ? from[i] < to[o] : from[i] <= to[o]);
                        if (isBefore || isAtPixel) mask[o, i, row, column] = 1;
                    }
        return tensor(mask, dtype: float32, device: CPU);
    }
}
