using System.Globalization;

namespace FlowKit.Interactive.Rendering;

/// <summary>Short numbers for JSON: a notebook holds many of them. What is not finite becomes null, a gap.</summary>
internal static class Rounding
{
    private const int Digits = 5;

    public static object? Short(double value) => Short(value, Digits);

    /// <summary>Five digits of what tells the values apart: those of 1000.1, 1000.2, 1000.3 are not cut off.</summary>
    public static object?[] Short(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double spread = Interval.Around(all)?.Length ?? 1, largest = all.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        int digits = Math.Clamp(Digits + (int)Math.Floor(Math.Log10(Math.Max(largest / spread, 1))), Digits, 15);
        return [.. all.Select(value => Short(value, digits))];
    }

    public static object?[] Short(Interval interval) => Short([interval.Low, interval.High]);

    private static double Significant(double value, int digits) =>
        double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A table in round steps, of which 500 or more lead up to its largest value: a color scale has 256.</summary>
    public static object?[][] Table(double[,] values)
    {
        double largest = values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max(), finest = largest / 500;
        double power = largest > 0 ? Math.Pow(10, Math.Floor(Math.Log10(finest))) : 1, step = power * (finest / power >= 5 ? 5 : finest / power >= 2 ? 2 : 1);
        int decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(power) + 0.5));
        return [.. Enumerable.Range(0, values.GetLength(0)).Select(row =>
            Enumerable.Range(0, values.GetLength(1)).Select(column => Stepped(values[row, column], step, decimals)).ToArray())];
    }

    private static object? Stepped(double value, double step, int decimals) =>
        !double.IsFinite(value) ? null : Shortest(decimals <= 15 ? Math.Round(Math.Round(value / step) * step, decimals) : Significant(value, 3));

    private static object? Short(double value, int digits) => double.IsFinite(value) ? Shortest(Significant(value, digits)) : null;

    /// <summary>A whole number is written without ".0".</summary>
    private static object Shortest(double value) => value == Math.Truncate(value) && Math.Abs(value) < int.MaxValue ? (int)value : value;
}
