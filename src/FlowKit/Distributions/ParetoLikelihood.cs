namespace FlowKit.Distributions;

/// <summary>Maximizes the generalized Pareto likelihood along its profile: given tau = xi / beta, xi is the mean of ln(1 + tau y) (Grimshaw 1993), so that one number is left to search.</summary>
internal static class ParetoLikelihood
{
    private const int Grid = 160;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>Of excesses >= 0, not all 0. xi is held at -1 or above: below, the likelihood grows without bound towards an end of support at the largest excess.</summary>
    public static GeneralizedParetoFit Maximize(double[] y)
    {
        double mean = y.Average(), most = y.Max();
        double[] at = [.. Enumerable.Range(0, Grid + 1).Select(i => -8 + 16.0 * i / Grid)];
        double[] values = [.. at.Select(Profile)];
        int best = Array.IndexOf(values, values.Max());
        double s = Search(at[Math.Max(0, best - 1)], at[Math.Min(Grid, best + 1)]);
        var (xi, beta) = Parameters(s);
        return new(xi, beta, Profile(s), y.Length);

        // s < 0: tau from -1 / max y to 0; s > 0: from 0 up. Smooth in s except at 0, where tau = 0.
        double Tau(double s) => s < 0 ? -(1 - Math.Exp(s * 4)) / most : SpecialFunctions.Expm1(s * 2) / mean;

        (double Xi, double Beta) Parameters(double s)
        {
            double tau = Tau(s), xi = Math.Abs(tau * most) < 1e-9 ? tau * mean : y.Average(y => SpecialFunctions.Log1p(tau * y));
            return Math.Abs(tau * most) < 1e-9 ? (xi, mean) : xi < -1 ? (-1, -1 / tau) : (xi, xi / tau);
        }

        double Profile(double s)
        {
            var (xi, beta) = Parameters(s);
            double decay = xi == -1 ? 0 : y.Sum(y => Math.Abs(xi / beta * most) < 1e-9 ? y / beta : SpecialFunctions.Log1p(xi / beta * y) / xi);
            return -y.Length * Math.Log(beta) - (1 + xi) * decay;
        }

        // Golden section.
        double Search(double low, double high)
        {
            for (int step = 0; step < 60; step++)
            {
                var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
                if (Profile(left) > Profile(right)) high = right;
                else low = left;
            }
            return (low + high) / 2;
        }
    }
}
