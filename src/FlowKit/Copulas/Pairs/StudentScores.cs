using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FlowKit.Distributions;
using MathNet.Numerics.Integration;

namespace FlowKit.Copulas;

/// <summary>Student's law with one nu for many numbers: a table between its scores s = √(nu ln(1 + t² / nu)) and the normal scores w of the same probability, P(T > t) = Phi(-w).</summary>
/// <remarks>
/// <para>Student's density is proportional to e^(-s² / 2) times (1 + t² / nu)^(-1/2), so that s is nearly normal for every nu (Wallace 1959, Annals of Mathematical Statistics 30:1121) and w is a smooth, nearly
/// linear function of it. Its derivatives are known in closed form up to the third; between two nodes stands the polynomial of degree 7 that has both ends' derivatives, good to 1e-12.</para>
/// <para>Probabilities at the nodes are sums of Gauss-Legendre rules from the far tail inward. Both directions use the same polynomial, so that they undo each other.</para>
/// </remarks>
internal sealed class StudentScores
{
    private const int Degree = 8;             // coefficients between two nodes
    private const double Farthest = 37.4;     // P = 1e-304
    private const int Kept = 64;

    private static readonly GaussLegendreRule Rule = new(0, 1, 12);
    private static readonly ConcurrentDictionary<double, StudentScores> Tables = new();

    private readonly double nu, step, logC;
    private readonly double[] scores;         // w at the nodes
    private readonly double[] coefficients;

    private StudentScores(double nu)
    {
        this.nu = nu;
        step = Math.Min(1.0 / 8, Math.Sqrt(nu) / 6);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        logC = SpecialFunctions.LogGammaHalfStep(tensor(nu / 2, dtype: float64, device: CPU)).ToDouble() - Math.Log(Math.PI) / 2;

        // P(S > s) = e^(-s² / 2) ratio: no underflow.
        int count = (int)Math.Ceiling(Farthest / step) + 1;
        var logTail = new double[count];
        double ratio = 0;
        for (int j = count + (int)Math.Ceiling(9 / step); j >= 0; j--)
        {
            double s = j * step, sum = 0;
            for (int k = 0; k < Rule.Order; k++)
            {
                double over = step * Rule.GetAbscissa(k);
                sum += Rule.GetWeight(k) * Math.Exp(-over * (s + over / 2)) * Lean(s + over);
            }
            ratio = step * sum + Math.Exp(-step * (s + step / 2)) * ratio;
            if (j < count) logTail[j] = logC + Math.Log(ratio) - s * s / 2;
        }
        scores = Read(special.ndtri(tensor(logTail, dtype: float64, device: CPU).exp()).neg());
        scores[0] = 0;

        coefficients = new double[(count - 1) * Degree];
        var left = Derivatives(0);
        for (int j = 0; j < count - 1; j++)
        {
            var right = Derivatives(j + 1);
            Join(left, right, coefficients.AsSpan(j * Degree, Degree));
            left = right;
        }
    }

    /// <summary>The table of that nu; recent ones are kept.</summary>
    public static StudentScores Of(double nu)
    {
        if (Tables.TryGetValue(nu, out var table)) return table;
        if (Tables.Count >= Kept) Tables.Clear();
        return Tables[nu] = new(nu);
    }

    /// <summary>t with P(T &lt;= t) = p, for p (...) in (0, 1).</summary>
    public Tensor Quantile(Tensor p)
    {
        var lower = p.lt(0.5);
        var s = Map(special.ndtri(where(lower, p, 1 - p)).neg(), Inverse);
        var q = s.square() / nu;                                              // t² / nu = e^q - 1
        var t = (q / 2).exp() * q.neg().expm1().neg().sqrt() * Math.Sqrt(nu);
        return where(lower, -t, t);
    }

    /// <summary>ln P(T &lt;= t).</summary>
    public Tensor LogCdf(Tensor t)
    {
        var s = (SpecialFunctions.Log1pSquare(t / Math.Sqrt(nu)) * nu).sqrt();
        var tail = SpecialFunctions.LogNormalTail(Map(s, Forward));
        return where(t.lt(0), tail, SpecialFunctions.Log1mExp(tail));
    }

    // The density of S over C e^(-s² / 2): s / (√nu tanh v), by which t = √nu sinh v spreads.
    private double Lean(double s)
    {
        double q = s * s / nu;
        return q < 1e-8 ? (1 + q / 4) / Math.Sqrt(nu) : s / (nu * Math.Sqrt(-SpecialFunctions.Expm1(-q)));
    }

    // w and its first three derivatives by s, from w' = e^L with L = ln g(s) - ln phi(w).
    private (double W, double W1, double W2, double W3) Derivatives(int node)
    {
        double s = node * step, w = scores[node], q = s * s / nu;
        double logG = logC - s * s / 2 + Math.Log(Lean(s));
        double w1 = Math.Exp(logG + w * w / 2 + Math.Log(2 * Math.PI) / 2);
        // ln Lean = ln s - ln(1 - e^-q) / 2; its slope is 1 / s - (s / nu) / (e^q - 1).
        double slope, bend;
        if (q < 1e-2)
        {
            // 1 / q - 1 / (e^q - 1) = 1/2 - q/12 + q³/720 - q^5/30240.
            double r = 0.5 + q * (-1.0 / 12 + q * q * (1.0 / 720 - q * q / 30240)), dr = -1.0 / 12 + q * q * (1.0 / 240 - q * q / 6048);
            slope = s / nu * r;
            bend = r / nu + 2 * q / nu * dr;
        }
        else
        {
            double e = SpecialFunctions.Expm1(q);
            slope = 1 / s - s / nu / e;
            bend = -1 / (s * s) - 1 / (nu * e) + 2 * q / nu * (1 + 1 / e) / e;
        }
        double l1 = -s + slope + w * w1;
        double w2 = w1 * l1;
        double l2 = -1 + bend + w1 * w1 + w * w2;
        return (w, w1, w2, w1 * (l1 * l1 + l2));
    }

    // The coefficients in x = (s - s_j) / step of the polynomial with these values and derivatives at 0 and 1.
    private void Join((double W, double W1, double W2, double W3) left, (double W, double W1, double W2, double W3) right, Span<double> c)
    {
        double h = step, h2 = h * h, h3 = h2 * h;
        (c[0], c[1], c[2], c[3]) = (left.W, left.W1 * h, left.W2 * h2 / 2, left.W3 * h3 / 6);
        double a = right.W - left.W - c[1] - c[2] - c[3];
        double b = right.W1 * h - c[1] - 2 * c[2] - 3 * c[3];
        double d = right.W2 * h2 - 2 * c[2] - 6 * c[3];
        double e = right.W3 * h3 - 6 * c[3];
        // x^4 ... x^7 with value a, slope b, second derivative d and third e at 1.
        c[4] = 35 * a - 15 * b + 2.5 * d - e / 6;
        c[5] = -84 * a + 39 * b - 7 * d + e / 2;
        c[6] = 70 * a - 34 * b + 6.5 * d - e / 2;
        c[7] = -20 * a + 10 * b - 2 * d + e / 6;
    }

    private double Forward(double s)
    {
        if (double.IsNaN(s)) return s;
        int j = (int)Math.Min(s / step, scores.Length - 1);
        if (j < scores.Length - 1) return At(j, s / step - j).Value;
        double end = (scores.Length - 1) * step;
        return Math.Sqrt(scores[^1] * scores[^1] + (s - end) * (s + end));                              // P falls as e^(-s² / 2)
    }

    private double Inverse(double w)
    {
        if (double.IsNaN(w)) return w;
        if (w >= scores[^1])
        {
            double end = (scores.Length - 1) * step;
            return Math.Sqrt(end * end + (w - scores[^1]) * (w + scores[^1]));
        }
        if (!(w > 0)) return 0;
        int j = Array.BinarySearch(scores, w);
        if (j < 0) j = ~j - 1;
        j = Math.Min(j, scores.Length - 2);
        double x = (w - scores[j]) / (scores[j + 1] - scores[j]);
        for (int polish = 0; polish < 4; polish++)
        {
            var (value, slope) = At(j, x);
            double change = (value - w) / slope;
            x -= change;
            if (Math.Abs(change) < 1e-9) break;
        }
        return (j + x) * step;
    }

    private (double Value, double Slope) At(int j, double x)
    {
        var c = coefficients.AsSpan(j * Degree, Degree);
        double value = c[7], slope = 0;
        for (int k = 6; k >= 0; k--)
        {
            slope = slope * x + value;
            value = value * x + c[k];
        }
        return (value, slope);
    }

    private static Tensor Map(Tensor x, Func<double, double> f)
    {
        double[] values = Read(x);
        for (int i = 0; i < values.Length; i++) values[i] = f(values[i]);
        return tensor(values, x.shape, dtype: float64, device: CPU);
    }

    private static double[] Read(Tensor x) => MemoryMarshal.Cast<byte, double>(x.contiguous().bytes).ToArray();
}
