using FlowKit.Inference;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Tests;

public class CoverageFigureTests
{
    [Fact]
    public void A_coverage_curve_runs_from_corner_to_corner_beside_the_band_of_its_trials()
    {
        manual_seed(1);
        var curve = CalibrationRanks.Of(randn(200, 1), randn(200, 19, 1))[0].Central;
        var panel = Assert.Single(Figures.Coverage("", ("a", curve)).Panels);
        var (diagonal, line) = (Assert.IsType<Curve>(panel.Layers[0]), Assert.IsType<Curve>(panel.Layers[1]));
        Assert.Equal(diagonal.X, diagonal.Y);
        Assert.Equal([0, .. curve.Observed.Select(inside => inside.Mean), 1], line.Y);
        Assert.Equal([0, .. curve.Band().Select(range => range.Low), 1], diagonal.Band!.Value.Lower);
        Assert.All(diagonal.X.Skip(1).SkipLast(1).Zip(diagonal.Band.Value.Upper.Skip(1)), pair => Assert.True(pair.Second > pair.First));
    }

    [Fact]
    public void Curves_without_a_common_band_are_refused()
    {
        CoverageCurve Of(int trials) => CalibrationRanks.Of(randn(trials, 1), randn(trials, 19, 1))[0].Central;
        Assert.Contains("30 trials", Assert.Throws<ArgumentException>("curves", () => Figures.Coverage("", ("a", Of(20)), ("b", Of(30)))).Message);
        Assert.Throws<ArgumentException>("curves", () => Figures.Coverage(""));
    }
}
