using MathNet.Numerics.Distributions;

namespace FlowKit.Copulas;

/// <summary>The nodes of a <see cref="KernelCopula"/> along each side of the unit square: equally spaced normal scores, and 0 and 1.</summary>
internal static class KernelGrid
{
    private const int Half = 32;
    private const double Step = 0.125;

    /// <summary>How many, K.</summary>
    public const int Count = 2 * Half + 3;

    /// <summary>The normal scores of the inner nodes, (K - 2).</summary>
    public static double[] Scores { get; } = [.. Enumerable.Range(-Half, 2 * Half + 1).Select(k => k * Step)];

    /// <summary>The nodes, (K), from 0 to 1.</summary>
    public static double[] Nodes { get; } = [0, .. Scores.Select(z => z < 0 ? Normal.CDF(0, 1, z) : 1 - Normal.CDF(0, 1, -z)), 1];

    /// <summary>Scales rows and columns of positive numbers at the nodes until the bilinear density between them has uniform margins (Sinkhorn 1964).</summary>
    public static void Uniform(double[,] density)
    {
        double[] weights = [.. Nodes.Select((_, k) => (Nodes[Math.Min(k + 1, Count - 1)] - Nodes[Math.Max(k - 1, 0)]) / 2)];
        double worst = 1;
        for (int round = 0; round < 2000 && worst > 1e-13; round++)
        {
            worst = 0;
            for (int i = 0; i < Count; i++)
            {
                double sum = 0;
                for (int j = 0; j < Count; j++) sum += weights[j] * density[i, j];
                for (int j = 0; j < Count; j++) density[i, j] /= sum;
                worst = Math.Max(worst, Math.Abs(sum - 1));
            }
            for (int j = 0; j < Count; j++)
            {
                double sum = 0;
                for (int i = 0; i < Count; i++) sum += weights[i] * density[i, j];
                for (int i = 0; i < Count; i++) density[i, j] /= sum;
                worst = Math.Max(worst, Math.Abs(sum - 1));
            }
        }
    }
}
