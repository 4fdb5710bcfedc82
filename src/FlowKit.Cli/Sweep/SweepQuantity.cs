namespace FlowKit.Cli;

/// <summary>One quantity at one setting, over the seeds.</summary>
/// <param name="Setting">Values of the settings, in the order of the axes.</param>
/// <param name="First">The first seed's row: what is the same for every seed.</param>
/// <param name="Values">One value for each seed, in the units of the quantity.</param>
/// <param name="Broken">Seeds whose claim does not hold.</param>
/// <param name="Judged">Seeds whose claim was judged.</param>
internal sealed record SweepQuantity(IReadOnlyList<string> Setting, IReadOnlyDictionary<string, string> First, IReadOnlyList<double> Values, int Broken, int Judged)
{
    /// <summary>Mean over the seeds.</summary>
    public double Mean => Values.Average();

    /// <summary>Standard error of the mean, s / sqrt(n) with the unbiased s; null for one seed.</summary>
    public double? StandardError => Values.Count < 2 ? null : Math.Sqrt(Values.Sum(value => (value - Mean) * (value - Mean)) / (Values.Count - 1) / Values.Count);
}
