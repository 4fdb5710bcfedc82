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

    /// <summary>A table whose largest value keeps four digits, and the others as many decimals: colours show no more.</summary>
    public static object?[][] Table(double[,] values)
    {
        double largest = values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        int decimals = largest > 0 ? 3 - (int)Math.Floor(Math.Log10(largest)) : 0;
        return [.. Enumerable.Range(0, values.GetLength(0)).Select(row =>
            Enumerable.Range(0, values.GetLength(1)).Select(column => Fixed(values[row, column], decimals)).ToArray())];
    }

    private static object? Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return null;
        double rounded = decimals is >= 0 and <= 15 ? Math.Round(value, decimals) : Significant(value, 4);
        return rounded == Math.Truncate(rounded) && Math.Abs(rounded) < 1e9 ? (int)rounded : rounded;
    }
}
