using System.Globalization;
using System.Text;

namespace FlowKit.Inference;

/// <summary>What simulations with known parameters say about posteriors: are they calibrated, and do they know more than the prior? See <see cref="PosteriorEstimator.Calibrate"/>.</summary>
/// <remarks>Calibration is on average over the prior; the prior itself has it. That something was learned, shrinkage shows.</remarks>
/// <param name="Names">Of the D parameters.</param>
/// <param name="Ranks">Of each parameter.</param>
/// <param name="Shrinkage">Of each parameter.</param>
/// <param name="Tarp">The joint posterior's coverage by balls around random points.</param>
/// <param name="HighestDensity">The joint posterior's coverage by regions of highest density.</param>
/// <example><code>
/// // y tells nothing about the second parameter.
/// var problem = InverseProblem.FromSimulator(new StandardNormal(2), (x, random) => [x[0] + 0.5 * random.NextNormal()]);
/// PosteriorReport report = problem.Fit(problem.Simulate(2000), options: new() { Steps = 300, LearningRate = 5e-3 }).Calibrate(problem.Simulate(200, new() { Seed = 1 }));
/// foreach (var parameter in report.Shrinkage) Console.WriteLine($"{parameter.Shrinkage.Mean > 0.7} {Math.Abs(parameter.Shrinkage.Mean) &lt; 0.2}");
/// // => True False
/// // => False True
/// Console.WriteLine(report.IsCalibrated());                             // => True
/// Console.WriteLine(report.ToString().Split('\n')[0]);  // => parameter  p (ranks)  shrinkage  calibration error
/// </code></example>
public sealed record PosteriorReport(
    IReadOnlyList<string> Names, IReadOnlyList<CalibrationRanks> Ranks, IReadOnlyList<PosteriorShrinkage> Shrinkage, CoverageCurve Tarp, CoverageCurve HighestDensity)
{
    private const int Bins = 16;

    /// <summary>Whether no test speaks against calibration: the p-values of every parameter's ranks and of both joint coverages.</summary>
    /// <param name="level">Below which a p-value does, in (0, 1).</param>
    public bool IsCalibrated(double level = 1e-3) => Ranks.All(ranks => PValue(ranks) > level) && Tarp.PValue > level && HighestDensity.PValue > level;

    /// <summary>A table: for each parameter the p-value of its ranks (chi-square over 16 bins), its shrinkage and its calibration error, and the p-values of both joint coverages.</summary>
    public override string ToString()
    {
        int width = Math.Max(9, Names.Max(name => name.Length));
        var text = new StringBuilder($"{"parameter".PadRight(width)}  p (ranks)  shrinkage  calibration error\n");
        for (int d = 0; d < Names.Count; d++)
            text.Append(CultureInfo.InvariantCulture, $"{Names[d].PadRight(width)}  {PValue(Ranks[d]),9:G3}  {Shrinkage[d].Shrinkage.Mean,9:F3}  {Ranks[d].Central.Error,17:P1}\n");
        return text.Append(CultureInfo.InvariantCulture, $"joint: p = {Tarp.PValue:G3} (random points), {HighestDensity.PValue:G3} (highest density), {Tarp.Count} trials").ToString();
    }

    private static double PValue(CalibrationRanks ranks) => ranks.ChiSquarePValue((int)Math.Min(Bins, ranks.Draws + 1));
}
