namespace FlowKit.Copulas;

/// <summary>The largest value of a smooth function of one or two numbers in a box, by Newton's steps within a trust region. Derivatives are differences.</summary>
/// <remarks>Coordinates are of size 1. A maximum on the box's edge is reached exactly: each step maximizes the quadratic model over what the box and the trust region share.</remarks>
internal static class BoxNewton
{
    private const double Step = 5e-4, Enough = 1e-6;
    private const int MostSteps = 60;

    /// <summary>Where the function is largest, near the start.</summary>
    /// <param name="f">The function; NaN counts as -inf.</param>
    /// <param name="start">In the box.</param>
    /// <param name="low">The box's lower corner.</param>
    /// <param name="high">Its upper corner, at least three steps of 5e-4 from the lower one.</param>
    public static (double[] X, double Value) Maximize(Func<double[], double> f, double[] start, double[] low, double[] high)
    {
        double Of(double[] x) => f(x) is var y && double.IsNaN(y) ? double.NegativeInfinity : y;

        var (x, value) = (start, Of(start));
        double radius = 0.5;
        for (int step = 0; step < MostSteps && radius > 1e-7; step++)
        {
            var model = Model(Of, x, value, low, high);
            double promise;
            while (true)
            {
                var next = Best(model, [.. x.Select((c, i) => Math.Max(low[i], c - radius))], [.. x.Select((c, i) => Math.Min(high[i], c + radius))]);
                promise = model.At(next) - model.At(x);
                if (!(promise > Enough)) return (x, value);

                double reached = Of(next), gain = reached - value;
                if (gain > 0)
                {
                    bool isSettled = promise < 0.01 && Math.Abs(gain - promise) < 0.1 * promise;       // a model so good is off by far less than it promised
                    radius *= gain > 0.75 * promise ? 2 : gain < 0.25 * promise ? 0.25 : 1;
                    (x, value) = (next, reached);
                    if (isSettled) return (x, value);
                    break;
                }
                radius /= 4;
                if (radius <= 1e-7) return (x, value);
            }
        }
        return (x, value);
    }

    // The second-order expansion about a center from which differences stay in the box.
    private static Quadratic Model(Func<double[], double> f, double[] x, double value, double[] low, double[] high)
    {
        double[] center = [.. x.Select((c, i) => Math.Clamp(c, low[i] + Step, high[i] - Step))];
        double middle = center.SequenceEqual(x) ? value : f(center);
        double At(double a, double b = 0) => f(center.Length == 1 ? [center[0] + a] : [center[0] + a, center[1] + b]);

        var (up, down) = (At(Step), At(-Step));
        var (slope, bend) = (Slope(up, down), Bend(up, down));
        if (x.Length == 1) return new(center, slope, 0, bend, 0, 0);

        var (right, left) = (At(0, Step), At(0, -Step));
        double mixed = (At(Step, Step) + At(-Step, -Step) - up - down - right - left + 2 * middle) / (2 * Step * Step);
        return new(center, slope, Slope(right, left), bend, mixed, Bend(right, left));

        double Slope(double up, double down) => (up - down) / (2 * Step);
        double Bend(double up, double down) => (up + down - 2 * middle) / (Step * Step);
    }

    // The best of the inner maximum, those on the edges and the corners.
    private static double[] Best(Quadratic q, double[] low, double[] high)
    {
        double[] best = [];
        double most = double.NegativeInfinity;
        if (low.Length == 1)
        {
            Try([q.OnLine(0, 0, low[0], high[0])]);
            Try([low[0]]);
            Try([high[0]]);
            return best;
        }
        Try(q.Inner(low, high));
        foreach (double b in new[] { low[1], high[1] }) Try([q.OnLine(0, b, low[0], high[0]), b]);
        foreach (double a in new[] { low[0], high[0] }) Try([a, q.OnLine(1, a, low[1], high[1])]);
        foreach (double a in new[] { low[0], high[0] })
            foreach (double b in new[] { low[1], high[1] }) Try([a, b]);
        return best;

        void Try(double[]? x)
        {
            if (x is null || best.Length > 0 && !(q.At(x) > most)) return;
            (best, most) = (x, q.At(x));
        }
    }

    private sealed record Quadratic(double[] Center, double SlopeA, double SlopeB, double AA, double AB, double BB)
    {
        public double At(double[] x)
        {
            double a = x[0] - Center[0], b = x.Length == 1 ? 0 : x[1] - Center[1];
            return SlopeA * a + SlopeB * b + AA * a * a / 2 + AB * a * b + BB * b * b / 2;
        }

        public double[]? Inner(double[] low, double[] high)
        {
            double determinant = AA * BB - AB * AB;
            if (!(AA < 0 && determinant > 0)) return null;
            double[] x = [Center[0] + (AB * SlopeB - BB * SlopeA) / determinant, Center[1] + (AB * SlopeA - AA * SlopeB) / determinant];
            return x[0] >= low[0] && x[0] <= high[0] && x[1] >= low[1] && x[1] <= high[1] ? x : null;
        }

        // The maximum along one axis with the other number held.
        public double OnLine(int axis, double other, double low, double high)
        {
            double shift = Center.Length == 1 ? 0 : other - Center[1 - axis];
            var (slope, bend) = axis == 0 ? (SlopeA + AB * shift, AA) : (SlopeB + AB * shift, BB);
            return bend < 0 ? Math.Clamp(Center[axis] - slope / bend, low, high) : slope > 0 ? high : low;
        }
    }
}
