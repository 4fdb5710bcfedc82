namespace FlowKit;

/// <summary>Gauss-Legendre nodes and weights, by Newton's method on the Legendre polynomial.</summary>
internal static class GaussLegendre
{
    /// <summary>The rule with n nodes on [0, 1]: exact for polynomials up to degree 2n - 1; the weights sum to 1.</summary>
    public static (double[] Nodes, double[] Weights) OnUnitInterval(int n)
    {
        double[] nodes = new double[n], weights = new double[n];
        for (int i = 0; i < n; i++)
        {
            double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 0;
            for (int step = 0; step < 100; step++)
            {
                (double value, slope) = Legendre(n, x);
                double move = value / slope;
                x -= move;
                if (Math.Abs(move) < 1e-15) break;
            }
            nodes[i] = (1 - x) / 2;
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
        return (nodes, weights);
    }

    private static (double Value, double Slope) Legendre(int n, double x)
    {
        double before = 1, value = x;
        for (int k = 2; k <= n; k++) (before, value) = (value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
        return (value, n * (x * value - before) / (x * x - 1));
    }
}
