namespace FlowKit.Distributions;

/// <summary>Combinations of special functions that stay exact where their parts are large.</summary>
internal static class SpecialFunctions
{
    // ln Gamma(a + 1/2) - ln Gamma(a) - ln(a) / 2 for large a, in powers of 1/a²; below 1e-16 after these terms at a = 30.
    private static readonly double[] HalfStep = [-1.0 / 8, 1.0 / 192, -1.0 / 640, 17.0 / 14336, -31.0 / 18432];

    /// <summary>ln Gamma(a + 1/2) - ln Gamma(a), a > 0.</summary>
    public static Tensor LogGammaHalfStep(Tensor a)
    {
        const double large = 30;
        var (small, big) = (a.clamp_max(large), a.clamp_min(large));
        var inverse = big.reciprocal();
        var square = inverse.square();
        var series = full_like(a, HalfStep[^1]);
        for (int i = HalfStep.Length - 2; i >= 0; i--) series = series * square + HalfStep[i];
        return where(a.gt(large), big.log() / 2 + series * inverse, (small + 0.5).lgamma() - small.lgamma());
    }

    /// <summary>ln B(a, b) = ln Gamma(a) + ln Gamma(b) - ln Gamma(a + b).</summary>
    public static Tensor LogBeta(Tensor a, Tensor b) => a.lgamma() + b.lgamma() - (a + b).lgamma();

    // ln(I0(k) e^-k) + ln(2 pi k) / 2 for large k, in powers of 1/k from the first on (Abramowitz, Stegun 1964, 9.7.1).
    private static readonly double[] BesselTail = [1.0 / 8, 1.0 / 16, 25.0 / 384, 13.0 / 128, 1073.0 / 5120];

    /// <summary>ln(I0(k) e^-k), k >= 0: the logarithm of the Bessel function without its exponential growth.</summary>
    public static Tensor LogI0e(Tensor k) =>
        Far(k, far => (far * (2 * Math.PI)).log() * -0.5 + Polynomial(BesselTail, far.reciprocal()), near => special.i0e(near).log());

    /// <summary>1 - I1(k) / I0(k): one minus the mean resultant length of a von Mises law. It is minus the slope of ln(I0(k) e^-k).</summary>
    public static Tensor OneMinusResultant(Tensor k) =>
        Far(k, far => (Polynomial([.. BesselTail.Select((c, i) => c * (i + 1))], far.reciprocal()) + 0.5) / far, near => 1 - special.i1e(near) / special.i0e(near));

    // Where the Bessel functions' difference would cancel, their series is exact to rounding.
    private static Tensor Far(Tensor k, Func<Tensor, Tensor> series, Func<Tensor, Tensor> direct)
    {
        double edge = k.dtype == float64 ? 500 : 30;
        return where(k.gt(edge), series(k.clamp_min(edge)), direct(k.clamp_max(edge)));
    }

    // c_1 x + c_2 x² + ...
    private static Tensor Polynomial(double[] coefficients, Tensor x)
    {
        var sum = full_like(x, coefficients[^1]);
        for (int i = coefficients.Length - 2; i >= 0; i--) sum = sum * x + coefficients[i];
        return sum * x;
    }

    /// <summary>ln sum exp x along a dimension, -inf with a zero gradient (not NaN) where every term is -inf.</summary>
    public static Tensor LogSumExp(Tensor x, long dim)
    {
        var nothing = x.eq(double.NegativeInfinity).all(dim);
        return x.masked_fill(nothing.unsqueeze(dim), 0).logsumexp(dim).masked_fill(nothing, double.NegativeInfinity);
    }

    /// <summary>ln(1 - e^x), x &lt;= 0, exact at both ends (Mächler 2012, "Accurately computing log(1 - exp(-|a|))"). Where x rounds to 0, the smallest difference of a double from 1.</summary>
    public static Tensor Log1mExp(Tensor x) => Log1mExp(x, least: 1.1e-16);

    /// <summary>ln(1 - e^x), x &lt;= 0, where x itself was not rounded at 0 and may be far smaller than a double's difference from 1.</summary>
    /// <param name="x">&lt;= 0.</param>
    /// <param name="least">What is nearer to 0 is taken for -<paramref name="least"/>.</param>
    public static Tensor Log1mExp(Tensor x, double least)
    {
        x = x.clamp_max(-least);
        var near = x.gt(-Math.Log(2));
        return where(near, x.masked_fill(near.logical_not(), -1).expm1().neg().log(), x.masked_fill(near, -1).exp().neg().log1p());
    }

    /// <summary>ln(1 + x) of a number, exact near 0, by the rounding of 1 + x (Kahan).</summary>
    public static double Log1p(double x) => 1 + x is var sum && sum == 1 ? x : Math.Log(sum) * x / (sum - 1);

    /// <summary>e^x - 1 of a number, exact near 0, by the rounding of e^x (Kahan).</summary>
    public static double Expm1(double x)
    {
        double exp = Math.Exp(x);
        return exp == 1 ? x : exp - 1 is var less && (less <= -1 || double.IsInfinity(exp)) ? less : less * x / Math.Log(exp);
    }

    /// <summary>z - ln(1 + z) for |z| &lt;= 0.4, without cancellation: with r = z / (2 + z), ln(1 + z) = 2 artanh r (Abramowitz, Stegun 1964, 4.1.27) and the first terms combine to z r.</summary>
    public static Tensor LogDefect(Tensor z)
    {
        using var scope = NewDisposeScope();
        var r = z / (z + 2);
        var square = r.square();
        var series = full_like(r, 1.0 / (2 * DefectTerms + 1));
        for (int i = DefectTerms - 1; i >= 1; i--) series = series * square + 1.0 / (2 * i + 1);
        return scope.MoveToOuter(r * (z - square * series * 2));
    }

    private const int DefectTerms = 13;       // 0.25^26 / 27 < 1e-16

    // ln Gamma(a) - ((a - 1/2) ln a - a + ln(2 pi) / 2) for large a, in odd powers of 1/a (Abramowitz, Stegun 1964, 6.1.41).
    private static readonly double[] Stirling = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156];

    /// <summary>The error of Stirling's formula, ln Gamma(a) - ((a - 1/2) ln a - a + ln(2 pi) / 2), a > 0.</summary>
    public static Tensor StirlingError(Tensor a)
    {
        const double large = 15;
        var (small, inverse) = (a.clamp_max(large), a.clamp_min(large).reciprocal());
        var square = inverse.square();
        var series = full_like(a, Stirling[^1]);
        for (int i = Stirling.Length - 2; i >= 0; i--) series = series * square + Stirling[i];
        return where(a.gt(large), series * inverse, small.lgamma() - ((small - 0.5) * small.log() - small + Math.Log(2 * Math.PI) / 2));
    }

    // √(2 pi) z e^(z² / 2) times the standard normal law's tail beyond z, in powers of 1/z² from the first on: (-1)^i 1 3 5 ... (2i - 1) (Abramowitz, Stegun 1964, 26.2.12).
    private static readonly double[] NormalTail = [-1, 3, -15, 105, -945, 10395, -135135, 2027025, -34459425, 654729075, -13749310575, 316234143225];

    /// <summary>ln of the standard normal law's tail beyond z >= 0.</summary>
    public static Tensor LogNormalTail(Tensor z)
    {
        const double large = 15, largest = 1e150;                             // the squares of larger ones overflow; TorchSharp 0.107's erfcx is erfc
        var (small, big) = (z.clamp_max(large), z.clamp(large, largest));
        var series = Polynomial(NormalTail, big.square().reciprocal()).log1p() - big.log() - Math.Log(2 * Math.PI) / 2;
        return where(z.gt(large), series - big.square() / 2, special.erfc(small / Math.Sqrt(2)).log() - Math.Log(2));
    }

    /// <summary>ln F(e) and ln(1 - F(e)) of a law that is symmetric about 0.</summary>
    /// <param name="e">Any number.</param>
    /// <param name="logTail">ln(1 - F(e)) for e >= 0.</param>
    public static (Tensor Below, Tensor Above) Symmetric(Tensor e, Func<Tensor, Tensor> logTail)
    {
        var left = e.lt(0);
        var tail = logTail(where(left, -e, e));
        var rest = Log1mExp(tail);
        return (where(left, tail, rest), where(left, rest, tail));
    }

    /// <summary>ln(1 + v²), also where v² overflows.</summary>
    public static Tensor Log1pSquare(Tensor v)
    {
        const double far = 1e9;                                               // beyond it, 1 is less than the rounding of v²
        var size = v.abs();
        return where(size.gt(far), size.clamp_min(far).log() * 2, v.clamp(-far, far).square().log1p());
    }
}
