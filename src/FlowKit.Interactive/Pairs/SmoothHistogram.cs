using FlowKit.Integration;

namespace FlowKit.Interactive.Pairs;

/// <summary>Densities of points from their counts in even cells, smoothed by a normal kernel. Points outside the cells count in the mass, which is then less than 1.</summary>
/// <remarks>The kernel's standard deviation is three quarters of the rule of Scott (1992), s n^(-1/(d + 4)), which is meant for normal data; between 0.7 and 3 cells. The spread s is from the quartiles.</remarks>
internal static class SmoothHistogram
{
    /// <summary>p(x) at the centers of the cells.</summary>
    public static (double[] X, double[] Density) Of(double[] x, Interval range, int cells)
    {
        double[] counts = new double[cells];
        double unit = cells / range.Length;
        foreach (double value in x)
            if (Cell(value, range, unit, cells) is { } at) counts[at] += unit / x.Length;
        return (Centers(range, cells), Smooth(counts, Kernel(counts, x.Length, dimensions: 1)));
    }

    /// <summary>p(x, y) at the centers of the cells.</summary>
    public static DensityGrid Of(double[] x, double[] y, Interval xRange, Interval yRange, int cells)
    {
        double[][] rows = [.. Enumerable.Range(0, cells).Select(_ => new double[cells])];
        double xUnit = cells / xRange.Length, yUnit = cells / yRange.Length;
        for (int i = 0; i < x.Length; i++)
            if (Cell(x[i], xRange, xUnit, cells) is { } column && Cell(y[i], yRange, yUnit, cells) is { } row) rows[row][column] += xUnit * yUnit / x.Length;

        double[] along = Kernel([.. Enumerable.Range(0, cells).Select(column => rows.Sum(row => row[column]))], x.Length, dimensions: 2);
        double[] across = Kernel([.. rows.Select(row => row.Sum())], x.Length, dimensions: 2);
        rows = [.. rows.Select(row => Smooth(row, along))];
        double[][] columns = [.. Enumerable.Range(0, cells).Select(column => Smooth([.. rows.Select(row => row[column])], across))];
        double[,] values = new double[cells, cells];
        for (int i = 0; i < values.Length; i++) values[i / cells, i % cells] = columns[i % cells][i / cells];
        return new(Centers(xRange, cells), Centers(yRange, cells), values, values.Cast<double>().Sum() / (xUnit * yUnit));
    }

    private static int? Cell(double value, Interval range, double unit, int cells)
    {
        double at = (value - range.Low) * unit;
        return at >= 0 && at <= cells ? Math.Min((int)at, cells - 1) : null;
    }

    private static double[] Centers(Interval range, int cells) => Quadrature.Midpoints((range.Low, range.High), cells);

    private static double[] Kernel(double[] counts, int points, int dimensions)
    {
        double spread = (Quantile(counts, 0.75) - Quantile(counts, 0.25)) / 1.35;       // in cells; a normal law's standard deviation
        double width = Math.Clamp(0.75 * spread * Math.Pow(points, -1.0 / (dimensions + 4)), 0.7, 3);
        int reach = (int)Math.Ceiling(3 * width);
        double[] kernel = [.. Enumerable.Range(-reach, 2 * reach + 1).Select(i => Math.Exp(-0.5 * Math.Pow(i / width, 2)))];
        double sum = kernel.Sum();
        return [.. kernel.Select(weight => weight / sum)];
    }

    private static double[] Smooth(double[] values, double[] kernel)
    {
        double[] smooth = new double[values.Length];
        int reach = kernel.Length / 2;
        for (int i = 0; i < values.Length; i++)
            for (int k = Math.Max(0, i - reach); k <= Math.Min(values.Length - 1, i + reach); k++) smooth[i] += values[k] * kernel[k - i + reach];
        return smooth;
    }

    private static int Quantile(double[] counts, double part)
    {
        double total = counts.Sum(), sum = 0;
        return Math.Max(0, Array.FindIndex(counts, count => (sum += count) > 0 && sum >= part * total));
    }
}
