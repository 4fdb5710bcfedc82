namespace FlowKit.Data;

/// <summary>The posterior of a <see cref="RobotArm"/> given where it ends, by quadrature over two of its angles: its evidence, moments and draws.</summary>
/// <remarks>
/// Given the directions A and B of the first two segments, the third has cos G = (y2 - l1 cos A - l2 cos B) / l3, two solutions up to whole turns, and x1 follows from y1. The density of (A, B) is the prior's, summed over
/// the solutions, divided by l3 |sin G|, which is 0 at the edge of what is possible: A = middle + half-width sin(phi), and B likewise given A, take its root away there. Points are dense at the ends of phi, by a polynomial whose derivative has double zeros,
/// so that the error of the midpoint rule falls with the sixth power of the resolution.
/// </remarks>
/// <example><code>
/// var posterior = new RobotArm().Posterior(0, 1.5);                     // a point that the prior seldom reaches
/// Console.WriteLine($"{posterior.LogEvidence:F5}");                     // => -4.33230
/// Console.WriteLine(posterior.StandardDeviation.round(4).npstr());      // => [0.3525, 0.7927, 0.6166, 1.1868]
/// </code></example>
public sealed class RobotArmPosterior
{
    private const int Turns = 1;                        // whole turns of B and G that matter, in either direction
    private readonly ArmAngles angles;
    private readonly double y1, y2;
    private readonly int resolution;
    private readonly double[] cumulative;
    private readonly (double Low, double High) rangeOfA;

    internal RobotArmPosterior(ArmAngles angles, double y1, double y2, int resolution)
    {
        if (!double.IsFinite(y1)) throw new ArgumentOutOfRangeException(nameof(y1), y1, "Expected a finite number.");
        if (!(Math.Abs(y2) < 2)) throw new ArgumentOutOfRangeException(nameof(y2), y2, "The arm has length 2; expected a number in (-2, 2).");
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resolution, 400);
        (this.angles, this.y1, this.y2, this.resolution) = (angles, y1, y2, resolution);
        rangeOfA = (Math.Acos(Math.Min(1, 2 * y2 + 3)), Math.Acos(Math.Max(-1, 2 * y2 - 3)));     // l1 = l2 = 1/2, l3 = 1

        double[] sum = new double[5], squares = new double[16];
        cumulative = new double[Nodes];
        for (int node = 0; node < Nodes; node++)
        {
            var (x, weight) = At(node, 0.5, 0.5);
            cumulative[node] = sum[4] += weight;
            for (int i = 0; i < 4; i++)
            {
                sum[i] += weight * x[i];
                for (int j = 0; j < 4; j++) squares[4 * i + j] += weight * x[i] * x[j];
            }
        }
        LogEvidence = Math.Log(sum[4]);
        double[] mean = [.. sum[..4].Select(value => value / sum[4])];
        double[] deviation = [.. Enumerable.Range(0, 4).Select(i => Math.Sqrt(squares[5 * i] / sum[4] - mean[i] * mean[i]))];
        Mean = Kept(mean, 4);
        StandardDeviation = Kept(deviation, 4);
        Correlation = Kept([.. Enumerable.Range(0, 16).Select(k => (squares[k] / sum[4] - mean[k / 4] * mean[k % 4]) / (deviation[k / 4] * deviation[k % 4]))], 4, 4);
    }

    /// <summary>ln p(y), nats.</summary>
    public double LogEvidence { get; }

    /// <summary>E[x | y], (4), float64.</summary>
    public Tensor Mean { get; }

    /// <summary>The standard deviations of x given y, (4), float64.</summary>
    public Tensor StandardDeviation { get; }

    /// <summary>Correlations of x given y, (4, 4), float64.</summary>
    public Tensor Correlation { get; }

    /// <summary>Independent draws, (count, 4), float64; every one ends at y exactly.</summary>
    /// <param name="count">How many, >= 0.</param>
    /// <param name="seed">Chooses them. Torch's random stream is neither used nor moved.</param>
    public Tensor Sample(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new Random(seed);
        double[] all = new double[4 * count];
        for (int row = 0; row < count; row++)
        {
            int node = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
            At(Math.Min(node < 0 ? ~node : node, Nodes - 1), random.NextDouble(), random.NextDouble()).X.CopyTo(all, 4 * row);    // anywhere in the node's cell
        }
        return tensor(all, [count, 4], dtype: float64, device: CPU);
    }

    // Cells of (A, B), the signs of A, B and G, and the turns of B and G.
    private int Nodes => resolution * resolution * 8 * Wraps * Wraps;

    private static int Wraps => 2 * Turns + 1;

    // x, and its share of the evidence, at a place (u, v) in [0, 1]² of a node's cell.
    private (double[] X, double Weight) At(int node, double u, double v)
    {
        int branch = node % (8 * Wraps * Wraps), cell = node / (8 * Wraps * Wraps);
        var (a, slopeOfA) = Within(rangeOfA, cell / resolution + u);
        double most = 2 * y2 - Math.Cos(a);
        var rangeOfB = (Math.Acos(Math.Clamp(most + 2, -1, 1)), Math.Acos(Math.Clamp(most - 2, -1, 1)));
        var (b, slopeOfB) = Within(rangeOfB, cell % resolution + v);
        double cosine = Math.Clamp(y2 - (Math.Cos(a) + Math.Cos(b)) / 2, -1, 1), g = Math.Acos(cosine);
        if ((branch & 1) != 0) a = -a;
        if ((branch & 2) != 0) b = -b;
        if ((branch & 4) != 0) g = -g;
        b += Math.Tau * (branch / 8 % Wraps - Turns);
        g += Math.Tau * (branch / 8 / Wraps - Turns);

        double x1 = y1 - (Math.Sin(a) + Math.Sin(b)) / 2 - Math.Sin(g);
        double[] x = angles == ArmAngles.RunningSums ? [x1, a, b - a, g - b] : [x1, a, a + b, g + 2 * a + b];
        double logPrior = 0;
        for (int i = 0; i < 4; i++) logPrior -= x[i] * x[i] / (2 * RobotArm.PriorDeviations[i] * RobotArm.PriorDeviations[i]) + Math.Log(RobotArm.PriorDeviations[i] * Math.Sqrt(Math.Tau));
        double sine = Math.Sqrt(1 - cosine * cosine);
        return (x, sine > 0 ? Math.Exp(logPrior) * slopeOfA * slopeOfB / sine : 0);
    }

    // The angle in a range, and d angle / d place.
    private (double Angle, double Slope) Within((double Low, double High) range, double place)
    {
        double half = (range.High - range.Low) / 2, t = place / resolution;
        double phi = Math.PI * (t * t * t * (10 - 15 * t + 6 * t * t) - 0.5), slope = Math.PI * 30 * t * t * (1 - t) * (1 - t);
        return (range.Low + half * (1 + Math.Sin(phi)), half * Math.Cos(phi) * slope / resolution);
    }

    private static Tensor Kept(double[] values, params long[] shape) => tensor(values, shape, dtype: float64, device: CPU).DetachFromDisposeScope();
}
