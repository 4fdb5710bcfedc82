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
}
