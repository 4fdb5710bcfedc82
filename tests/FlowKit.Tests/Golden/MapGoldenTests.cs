using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Golden;

public class MapGoldenTests
{
    private const double Tolerance = 1e-10;

    [Fact]
    public void The_spline_is_that_of_nflows()
    {
        var golden = new MapGolden("nflows_rqs");
        var theta = cat([golden.Rows("w"), golden.Rows("h"), golden.Rows("d") - RationalQuadraticSpline.SlopeShift], dim: 1);   // there raw 0 is slope 0.694, here 1
        var map = new RationalQuadraticMap(Bins: 8, golden.Number("tail_bound"));
        Holds(map.Forward(golden.Points("x"), theta), golden.Points("y"), golden.Points("ladj"));
        Holds(map.Inverse(golden.Points("y"), theta), golden.Points("x_inv"), golden.Points("ladj_inv"));
        Assert.InRange(Distance(golden.Points("x_inv"), golden.Points("x")), 0, 1e-7);
        Assert.True(golden.Points("x").abs().gt(golden.Number("tail_bound")).any().ToBoolean());
    }

    [Fact]
    public void The_spline_in_tensor_operations_is_that_of_nflows()
    {
        var golden = new MapGolden("nflows_rqs");
        var theta = cat([golden.Rows("w"), golden.Rows("h"), golden.Rows("d") - RationalQuadraticSpline.SlopeShift], dim: 1);
        var spline = new RationalQuadraticSpline(8, -golden.Number("tail_bound"), golden.Number("tail_bound"), SplineEnds.Identity);
        Holds(SplineKernels.Apply(spline, golden.Points("x"), theta, inverse: false), golden.Points("y"), golden.Points("ladj"));
        Holds(SplineKernels.Apply(spline, golden.Points("y"), theta, inverse: true), golden.Points("x_inv"), golden.Points("ladj_inv"));
    }

    [Fact]
    public void The_mixture_of_logistics_is_that_of_survae()
    {
        var golden = new MapGolden("survae_logistic_mixture_transform");
        var map = new LogisticMixtureMap(Components: 4);
        var logScale = golden.Rows("log_scales") - map.InitialLogScale;
        var theta = cat([
            golden.Rows("logit_weights"), golden.Rows("means") - linspace(-map.InitialSpread, map.InitialSpread, 4, dtype: float64, device: CPU),
            logScale / (1 - logScale.abs() / LogisticMixtureMap.ComponentBound), zeros(10, 2, float64)], dim: 1);
        var (y, logSlope) = map.Forward(golden.Points("x"), theta);

        // The values stop at the distribution function; the map goes on to its logit, whose slope is 1 / (F (1 - F)).
        var f = golden.Points("y");
        Holds((y.sigmoid(), logSlope + f.log() + (-f).log1p()), f, golden.Points("ladj"));
        Holds(map.Inverse(f.logit(), theta), golden.Points("x"), -logSlope);
    }

    private static void Holds((Tensor Value, Tensor LogSlope) ours, Tensor value, Tensor logSlope)
    {
        Assert.InRange(Distance(ours.Value, value), 0, Tolerance);
        Assert.InRange(Distance(ours.LogSlope, logSlope), 0, Tolerance);
    }
}
