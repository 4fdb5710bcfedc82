namespace FlowKit.Distributions;

/// <summary>The integral of exp(kappa (mu·x - 1)) over the sphere S^D and what follows from it, for any D >= 1 and kappa >= 0.</summary>
/// <remarks>
/// With nu = (D - 1) / 2 it is (2 pi)^(nu + 1) kappa^(-nu) I_nu(kappa) e^-kappa. The modified Bessel function is summed by its power series, whose terms are all positive, and for large kappa by
/// Hankel's expansion (Abramowitz, Stegun 1964, 9.6.10 and 9.7.1); no exponential grows.
/// </remarks>
internal static class FisherIntegral
{
    /// <summary>Its logarithm; at kappa = 0 that of the sphere's surface.</summary>
    public static double Log(int dimension, double kappa)
    {
        double nu = (dimension - 1) / 2.0;
        if (dimension == 2) return kappa == 0 ? Math.Log(4 * Math.PI) : Math.Log(2 * Math.PI) + Math.Log(Gap(kappa)) - Math.Log(kappa);
        return IsFar(nu, kappa)
            ? (nu + 0.5) * (Math.Log(2 * Math.PI) - Math.Log(kappa)) + Math.Log(Hankel(nu, kappa).Sum)
            : (nu + 1) * Math.Log(2 * Math.PI) - nu * Math.Log(2) - MathNet.Numerics.SpecialFunctions.GammaLn(nu + 1) + Series(nu, kappa).Log - kappa;
    }

    /// <summary>kappa (1 - A), where A = E[mu·x] = I_(nu+1)(kappa) / I_nu(kappa) is the mean resultant length; it goes from 0 to D / 2.</summary>
    public static double Shortfall(int dimension, double kappa)
    {
        double nu = (dimension - 1) / 2.0;
        if (kappa == 0) return 0;
        if (!IsFar(nu, kappa)) return kappa - 2 * Series(nu, kappa).MeanIndex;

        var (sum, slope) = Hankel(nu, kappa);
        return nu + 0.5 + slope / sum;
    }

    /// <summary>1 - e^(-2 kappa), which cancels near 0.</summary>
    public static double Gap(double kappa) => kappa < 1 ? 2 * Math.Exp(-kappa) * Math.Sinh(kappa) : 1 - Math.Exp(-2 * kappa);

    /// <summary>The kappa at which 1 - A is that number: the likeliest concentration of directions whose mean has the length 1 - <paramref name="missing"/>.</summary>
    /// <remarks>Newton's method from the approximation of Banerjee et al. 2005 (JMLR 6, 1345-1382, eq. 4.4).</remarks>
    /// <param name="dimension">D >= 1.</param>
    /// <param name="missing">In [0, 1].</param>
    /// <param name="most">What no answer exceeds.</param>
    public static double Concentration(int dimension, double missing, double most)
    {
        double length = 1 - missing;
        if (length <= 0) return 0;
        if (missing <= 0) return most;

        double kappa = Math.Min(length * (dimension + 1 - length * length) / (missing * (1 + length)), most);
        for (int step = 0; step < 50; step++)
        {
            double less = Shortfall(dimension, kappa) / kappa;                              // 1 - A
            double slope = less * (2 - less) - dimension / kappa * (1 - less);              // A' = 1 - A² - D A / kappa
            double next = Math.Clamp(kappa + (less - missing) / slope, kappa / 4, Math.Min(kappa * 4, most));
            if (Math.Abs(next - kappa) <= 1e-12 * kappa) return next;
            kappa = next;
        }
        return kappa;
    }

    // Where Hankel's expansion reaches the last bit before its terms grow.
    private static bool IsFar(double nu, double kappa) => kappa > 30 + nu * nu;

    // I_nu(k) e^-k sqrt(2 pi k) = sum of t_j, and k times its slope with the sign changed: the sum of j t_j.
    private static (double Sum, double Slope) Hankel(double nu, double kappa)
    {
        double term = 1, sum = 1, slope = 0;
        for (int j = 1; j < 200 && Math.Abs(term) > 1e-18; j++)
        {
            term *= ((2 * j - 1) - 2 * nu) * ((2 * j - 1) + 2 * nu) / (8 * j * kappa);
            sum += term;
            slope += j * term;
        }
        return (sum, slope);
    }

    // ln of the sum of t_j = (k/2)^(2j) / (j! (nu + 1) ... (nu + j)), and the mean of j under these weights.
    private static (double Log, double MeanIndex) Series(double nu, double kappa)
    {
        const double large = 1e200;
        double square = kappa * kappa / 4, term = 1, sum = 1, weighted = 0, log = 0;
        for (int j = 1; term > 1e-18 * sum || j < kappa / 2; j++)
        {
            term *= square / (j * (nu + j));
            sum += term;
            weighted += j * term;
            if (sum < large) continue;
            (term, sum, weighted, log) = (term / large, sum / large, weighted / large, log + Math.Log(large));
        }
        return (log + Math.Log(sum), weighted / sum);
    }
}
