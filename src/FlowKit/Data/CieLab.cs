namespace FlowKit.Data;

/// <summary>Colors between sRGB and CIE L*a*b* under the white of daylight D65: L is the lightness from 0 to 100, a runs from green to red, b from blue to yellow, and equal distances look about equally large.</summary>
/// <remarks>
/// <para>A gray picture is L; what coloring adds is (a, b). Ardizzone, Lüth, Kruse, Rother, Köthe 2019, arXiv:1907.02392, section 4.2. Primaries and curve: IEC 61966-2-1 (1999); L*a*b*: CIE 15 (2004). White is that of
/// the primaries' matrix, so that equal red, green and blue have a = b = 0 up to rounding.</para>
/// <para>Shapes: (B, 3, H, W) to the same, floating point; computed in float64 and given in the type that came. Colors beyond the screen's come back outside [0, 1]: the curves go on as odd functions, so that the round trip holds there too.</para>
/// </remarks>
/// <example><code>
/// var red = tensor(new[] { 1.0, 0, 0 }).reshape(1, 3, 1, 1);
/// var lab = CieLab.FromRgb(red);
/// Console.WriteLine(lab.flatten().npstr(fltFormat: "F2"));              // => [53.24, 80.09, 67.20]
/// Console.WriteLine(CieLab.ToRgb(lab).allclose(red, atol: 1e-9));       // => True
/// </code></example>
public static class CieLab
{
    private const double Delta = 6.0 / 29;

    // From linear red, green and blue to X, Y and Z.
    private static readonly double[,] ToXyz = { { 0.4124564, 0.3575761, 0.1804375 }, { 0.2126729, 0.7151522, 0.0721750 }, { 0.0193339, 0.1191920, 0.9503041 } };

    /// <summary>(L, a, b) of colors.</summary>
    /// <param name="rgb">Red, green and blue as a file holds them, divided by its largest value, (B, 3, H, W).</param>
    /// <exception cref="ArgumentException">Not a floating-point tensor of three channels.</exception>
    public static Tensor FromRgb(Tensor rgb)
    {
        Check(rgb, nameof(rgb));
        using var scope = NewDisposeScope();
        var (matrix, white) = Matrix(rgb.device);
        var xyz = Mix(matrix, Odd(rgb.to(float64), x => where(x.le(0.04045), x / 12.92, ((x + 0.055) / 1.055).pow(2.4)))) / white;
        var f = where(xyz.gt(Math.Pow(Delta, 3)), xyz.clamp_min(1e-12).pow(1.0 / 3), xyz / (3 * Delta * Delta) + 4.0 / 29);
        var (x, y, z) = (f.narrow(1, 0, 1), f.narrow(1, 1, 1), f.narrow(1, 2, 1));
        return scope.MoveToOuter(cat([y * 116 - 16, (x - y) * 500, (y - z) * 200], 1).to(rgb.dtype));
    }

    /// <summary>Red, green and blue of (L, a, b); a color that no screen shows lies outside [0, 1].</summary>
    /// <param name="lab">(B, 3, H, W).</param>
    /// <exception cref="ArgumentException">Not a floating-point tensor of three channels.</exception>
    public static Tensor ToRgb(Tensor lab)
    {
        Check(lab, nameof(lab));
        using var scope = NewDisposeScope();
        var (matrix, white) = Matrix(lab.device);
        var wide = lab.to(float64);
        var y = (wide.narrow(1, 0, 1) + 16) / 116;
        var f = cat([y + wide.narrow(1, 1, 1) / 500, y, y - wide.narrow(1, 2, 1) / 200], 1);
        var xyz = where(f.gt(Delta), f.pow(3), (f - 4.0 / 29) * (3 * Delta * Delta)) * white;
        var rgb = Odd(Mix(linalg.inv(matrix), xyz), x => where(x.le(0.04045 / 12.92), x * 12.92, x.clamp_min(1e-12).pow(1 / 2.4) * 1.055 - 0.055));
        return scope.MoveToOuter(rgb.to(lab.dtype));
    }

    private static (Tensor Matrix, Tensor White) Matrix(Device device)
    {
        var matrix = tensor(ToXyz, dtype: float64, device: device);
        return (matrix, matrix.sum(dim: 1).reshape(1, 3, 1, 1));
    }

    private static Tensor Mix(Tensor matrix, Tensor channels) => matrix.matmul(channels.flatten(2)).reshape(channels.shape);

    private static Tensor Odd(Tensor x, Func<Tensor, Tensor> curve) => curve(x.abs()) * x.sign();

    private static void Check(Tensor colors, string name)
    {
        ArgumentNullException.ThrowIfNull(colors, name);
        if (colors.dim() != 4 || colors.size(1) != 3 || !colors.is_floating_point())
            throw new ArgumentException($"Expected floating-point colors of shape (B, 3, H, W); got {Guard.Describe(colors)} of type {colors.dtype}.", name);
    }
}
