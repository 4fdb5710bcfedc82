using static TorchSharp.torch;

namespace FlowKit.Interactive;

/// <summary>Densities at many points, in batches and without gradients.</summary>
internal static class Densities
{
    private const int Batch = 16_384;
    private const double Largest = 700;               // nats; exp overflows above 709

    /// <summary>exp(log p) at each point of several panels, NaN where there is none. Where the largest finite log p of all is above 700 nats, it is subtracted in all of them, so that none overflows and
    /// they can still be compared.</summary>
    /// <param name="logs">log p of each panel.</param>
    public static double[][,] Exponentials(params IReadOnlyList<double[,]> logs)
    {
        double top = logs.SelectMany(panel => panel.Cast<double>()).Where(double.IsFinite).DefaultIfEmpty().Max(), shift = top > Largest ? top : 0;
        return [.. logs.Select(Exponential)];

        double[,] Exponential(double[,] panel)
        {
            double[,] values = new double[panel.GetLength(0), panel.GetLength(1)];
            for (int row = 0; row < panel.GetLength(0); row++)
                for (int column = 0; column < panel.GetLength(1); column++) values[row, column] = Math.Exp(panel[row, column] - shift);
            return values;
        }
    }

    /// <summary>log p at each point.</summary>
    /// <param name="logProb">(B, D) to (B), in nats.</param>
    /// <param name="points">Point by point, D numbers each.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="device">Where the points live; null: the CPU.</param>
    /// <param name="dtype">Of the points.</param>
    /// <exception cref="ArgumentException">The result of <paramref name="logProb"/> is not (B).</exception>
    public static double[] Logs(Func<Tensor, Tensor> logProb, double[] points, int dimensions, Device? device, ScalarType dtype)
    {
        double[] values = new double[points.Length / dimensions];
        using var none = no_grad();
        for (int start = 0; start < values.Length; start += Batch)
        {
            int count = Math.Min(Batch, values.Length - start);
            using var scope = NewDisposeScope();
            var batch = tensor(points[(start * dimensions)..((start + count) * dimensions)], float64).reshape(count, dimensions).to(dtype).to(device ?? CPU);
            var result = logProb(batch);
            if (result.dim() != 1 || result.size(0) != count)
                throw new ArgumentException($"logProb maps (B, {dimensions}) to (B): ({count}) was expected and {result.ShapeText()} came.", nameof(logProb));
            result.to(float64).ToDoubles().CopyTo(values, start);
        }

        return values;
    }
}
