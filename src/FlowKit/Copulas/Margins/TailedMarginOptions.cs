namespace FlowKit.Copulas;

/// <summary>How a <see cref="TailedMargin"/> is fitted.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// var options = new TailedMarginOptions { UpperShare = 0.02, Lower = TailBelief.Gaussian };
/// Console.WriteLine($"{options.LowerShare} {options.UpperShare}");    // => 0.05 0.02
/// </code></example>
public sealed record TailedMarginOptions
{
    /// <summary>The share of the data below the lower threshold, in (0, 0.4].</summary>
    public double LowerShare { get; init => field = Checked(value, nameof(LowerShare)); } = 0.05;

    /// <summary>The share of the data above the upper threshold, in (0, 0.4].</summary>
    public double UpperShare { get; init => field = Checked(value, nameof(UpperShare)); } = 0.05;

    /// <summary>The lower tail's belief.</summary>
    public TailBelief Lower { get; init => field = Known(value, nameof(Lower)); } = TailBelief.Pareto;

    /// <summary>The upper tail's belief.</summary>
    public TailBelief Upper { get; init => field = Known(value, nameof(Upper)); } = TailBelief.Pareto;

    /// <summary>Intervals of the body's spline, K in 1..500, of equal mass; null for N^(1/3), between 4 and 64.</summary>
    public int? Bins
    {
        get;
        init => field = value is null or (>= 1 and <= 500) ? value : throw new ArgumentOutOfRangeException(nameof(Bins), value, "Expected 1 to 500.");
    }

    private static double Checked(double share, string name) => share is > 0 and <= 0.4 ? share : throw new ArgumentOutOfRangeException(name, share, "Expected a share in (0, 0.4].");

    private static TailBelief Known(TailBelief belief, string name) => Enum.IsDefined(belief) ? belief : throw new ArgumentOutOfRangeException(name, belief, "Expected Pareto, Exponential or Gaussian.");
}
