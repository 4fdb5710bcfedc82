namespace FlowKit.Copulas;

/// <summary>A monotone rational-quadratic interpolant of a distribution function between its knots (Gregory, Delbourgo 1982): F with a continuous density that takes given values there, and its closed inverse.</summary>
/// <param name="x">Knots, strictly ascending, K + 1.</param>
/// <param name="f">F at the knots, strictly ascending.</param>
/// <param name="slopes">The density at the knots, > 0.</param>
internal sealed class SplineCdf(double[] x, double[] f, double[] slopes)
{
    /// <summary>Where it begins and ends.</summary>
    public (double Low, double High) Range => (x[0], x[^1]);

    /// <summary>F and its slope, (B), for x within the range.</summary>
    public (Tensor F, Tensor Density) At(Tensor value)
    {
        var (x0, width, f0, height, d0, d1) = Bin(value, x);
        var xi = (value - x0) / width;
        var (s, both) = (height / width, xi * (1 - xi));
        var denominator = s + (d0 + d1 - s * 2) * both;
        return (f0 + height * (s * xi.square() + d0 * both) / denominator,
            s.square() * (d1 * xi.square() + s * both * 2 + d0 * (1 - xi).square()) / denominator.square());
    }

    /// <summary>The x with F(x) = p, (B), for p within the range of F.</summary>
    public Tensor Inverse(Tensor p)
    {
        var (x0, width, f0, height, d0, d1) = Bin(p, f);
        var (s, rise) = (height / width, p - f0);
        var bend = (d0 + d1 - s * 2) * rise;
        var (a, b, c) = (height * (s - d0) + bend, height * d0 - bend, s * rise);
        return x0 + width * (c * 2 / (b + (b.square() + a * c * 4).clamp_min(0).sqrt())).clamp(0, 1);
    }

    private (Tensor X0, Tensor Width, Tensor F0, Tensor Height, Tensor D0, Tensor D1) Bin(Tensor value, double[] among)
    {
        Tensor Of(double[] values) => tensor(values, dtype: float64, device: value.device);
        var i = searchsorted(Of(among), value.detach().contiguous(), right: true).sub(1).clamp(0, x.Length - 2);
        Tensor Low(double[] values) => Of(values).index_select(0, i);
        Tensor High(double[] values) => Of(values[1..]).index_select(0, i);
        var (x0, f0) = (Low(x), Low(f));
        return (x0, High(x) - x0, f0, High(f) - f0, Low(slopes), High(slopes));
    }
}
