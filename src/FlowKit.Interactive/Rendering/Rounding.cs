using System.Globalization;

namespace FlowKit.Interactive.Rendering;

/// <summary>Short numbers for JSON: a notebook holds many of them. What is not finite becomes null, a gap.</summary>
internal static class Rounding
{
    public static object? Short(double value) => double.IsFinite(value) ? Significant(value, 5) : null;

    public static object?[] Short(IEnumerable<double> values) => [.. values.Select(Short)];

    public static object[] Short(Interval interval) => [Significant(interval.Low, 5), Significant(interval.High, 5)];

    public static double Significant(double value, int digits) =>
        double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A table to as many decimals as tell 500 steps up to its largest value apart: a colour scale has 256.</summary>
    public static object?[][] Table(double[,] values)
    {
        double largest = values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        int decimals = largest > 0 ? Math.Max(0, (int)Math.Ceiling(Math.Log10(500 / largest))) : 0;
        return [.. Enumerable.Range(0, values.GetLength(0)).Select(row =>
            Enumerable.Range(0, values.GetLength(1)).Select(column => Fixed(values[row, column], decimals)).ToArray())];
    }

    private static object? Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return null;
        double rounded = decimals <= 15 ? Math.Round(value, decimals) : Significant(value, 3);
        return rounded == Math.Truncate(rounded) && Math.Abs(rounded) < 1e9 ? (int)rounded : Significant(rounded, 5);
    }
}
