using FlowKit.Inference;

namespace FlowKit.Interactive;

public static partial class Figures
{
    /// <summary>How often truths lie in a posterior's regions, by the regions' probability: an exact posterior's curve is the diagonal, and within the band up to chance.</summary>
    /// <param name="title">Above the picture.</param>
    /// <param name="curves">At least one, each with its name, all of the same number of trials.</param>
    /// <exception cref="ArgumentException">There is no curve, or two are of different numbers of trials: they have no common band.</exception>
    /// <example><code>
    /// manual_seed(0);
    /// var (truth, noise) = (randn(300, 1), randn(300, 99, 1));
    /// CoverageCurve Central(double scale) => CalibrationRanks.Of(truth, scale * noise)[0].Central;
    /// Figures.Coverage("Central intervals", ("exact", Central(1)), ("too narrow", Central(0.7)), ("too wide", Central(1.5)))
    /// // => Figure "Central intervals" x [0, 1] y [0, 1]: curve "exact posterior, 95 %" of 51 points, curve "exact" of 51 points, curve "too narrow" of 51 points, curve "too wide" of 51 points
    /// </code></example>
    public static Figure Coverage(string title, params IReadOnlyList<(string Name, CoverageCurve Curve)> curves)
    {
        if (curves.Count == 0) throw new ArgumentException("At least one curve is needed; there was none.", nameof(curves));
        var first = curves[0].Curve;
        foreach (var (name, curve) in curves)
            if (curve.Count != first.Count) throw new ArgumentException($"\"{name}\" is of {curve.Count} trials and \"{curves[0].Name}\" of {first.Count}; expected one number, as the band depends on it.", nameof(curves));

        var band = first.Band();
        double[] x = [0, .. first.Nominal, 1];
        var diagonal = new Curve(x, x) { Name = "exact posterior, 95 %", Dashed = true, Color = "#888888", Band = ([0, .. band.Select(range => range.Low), 1], [0, .. band.Select(range => range.High), 1]) };
        var lines = curves.Select(one => new Curve([0, .. one.Curve.Nominal, 1], [0, .. one.Curve.Observed.Select(inside => inside.Mean), 1]) { Name = one.Name });
        return One(new(title, [diagonal, .. lines]) { XLabel = "probability of the region", YLabel = "truths inside", X = (0, 1), Y = (0, 1), EqualAspect = true });
    }
}
