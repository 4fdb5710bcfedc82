namespace FlowKit.Compression;

/// <summary>The distribution function of one discretized logistic in whole numbers: G(b) is 2^24 P(X &lt; b), rounded, for a mean in [0, 1); the same on every processor.</summary>
/// <remarks>
/// The mean's fraction is on a grid of 1/64, ln s on one of 1/16 in -4..6. G is 0 up to -radius and 2^24 from radius + 1 on, where a tail of e^-16 is left; between, it never falls.
/// </remarks>
internal sealed class LogisticTable
{
    /// <summary>G's greatest value is 2^24.</summary>
    public const int Bits = 24;

    /// <summary>Means are multiples of 1/64, ln s of 1/16.</summary>
    public const int MeanSteps = 64, ScaleSteps = 16;

    /// <summary>The ends of ln s, in steps.</summary>
    public const int LeastScale = -4 * ScaleSteps, GreatestScale = 6 * ScaleSteps;

    private const double Tail = 16;                       // e^-16 = 1.1e-7 is left outside

    // Two threads may both make a table; the two are the same.
    private static readonly LogisticTable?[] all = new LogisticTable?[(GreatestScale - LeastScale + 1) * MeanSteps];

    private readonly int[] g;                             // G(-radius) .. G(radius + 1)

    private LogisticTable(int fraction, int scale)
    {
        double s = PortableMath.Exp(scale / (double)ScaleSteps), mean = fraction / (double)MeanSteps;
        Radius = (int)(Tail * s) + 1;
        g = new int[2 * Radius + 2];
        for (int i = 1; i < g.Length - 1; i++)
        {
            int rounded = (int)(PortableMath.Sigmoid((i - Radius - 0.5 - mean) / s) * (1 << Bits) + 0.5);
            g[i] = Math.Max(rounded, g[i - 1]);
        }
        g[^1] = 1 << Bits;
    }

    /// <summary>The table of a mean's fraction, 0..63, and a scale, which is clamped to its ends. Tables are made once.</summary>
    public static LogisticTable Of(int fraction, int scale)
    {
        scale = Math.Clamp(scale, LeastScale, GreatestScale);
        ref var table = ref all[(scale - LeastScale) * MeanSteps + fraction];
        return table ??= new(fraction, scale);
    }

    /// <summary>Values beyond ±radius are left to an escape.</summary>
    public int Radius { get; }

    /// <summary>G(b), b relative to the mean's whole part.</summary>
    public int Below(int b) => b <= -Radius ? 0 : b > Radius ? 1 << Bits : g[b + Radius];
}
