namespace FlowKit.Interactive.Pairs;

/// <summary>What the axis of one column shows: the data and most of the model's draws, but not so far out that what matters is squeezed.</summary>
internal sealed class AxisRange
{
    private readonly double[] data;
    private readonly Interval covered;
    private readonly bool isWhole;

    /// <param name="data">Finite numbers, at least one.</param>
    /// <param name="draws">The model's, finite, or null.</param>
    public AxisRange(double[] data, double[]? draws)
    {
        this.data = data;
        isWhole = data.All(double.IsInteger);
        covered = Covered(data);
        if (isWhole) covered = new(Math.Ceiling(covered.Low) - 0.5, Math.Floor(covered.High) + 0.5);       // an integer's bar
        Shown = (draws is null ? covered : Widened(covered, draws)).Padded(0.04);
    }

    /// <summary>From end to end of the axis.</summary>
    public Interval Shown { get; }

    /// <summary>The column's density: a bar an integer where there are few different integers, and even bins otherwise.</summary>
    /// <param name="most">Bars, at least 5.</param>
    public Bars Bars(int most) =>
        Interactive.Bars.Histogram(data, covered, isWhole && covered.Length <= most ? (int)covered.Length : Math.Clamp((int)Math.Sqrt(data.Length), 5, most));

    /// <summary>From the smallest to the largest number, but at most as far beyond the middle 99 % as those are wide.</summary>
    private static Interval Covered(double[] data)
    {
        var (low, high) = Middle(data);
        double width = high - low;
        return Interval.Around(width > 0 ? data.Select(value => Math.Clamp(value, low - width, high + width)) : data)!.Value;
    }

    /// <summary>Wide enough for the middle 99 % of the draws, but at most three times as wide as before.</summary>
    private static Interval Widened(Interval range, double[] draws)
    {
        var (low, high) = Middle(draws);
        return new(Math.Clamp(low, range.Low - range.Length, range.Low), Math.Clamp(high, range.High, range.High + range.Length));
    }

    private static (double Low, double High) Middle(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        int outside = sorted.Length / 200;
        return (sorted[outside], sorted[^(outside + 1)]);
    }
}
