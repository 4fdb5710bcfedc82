using FlowKit.Data;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class StabilityTests
{
    [Fact]
    public void A_trained_spline_flow_has_no_NaN_anywhere() => StaysFinite(() => SplineFlow.Create(2, layers: 4));

    [Fact]
    public void A_trained_RealNVP_has_no_NaN_anywhere() => StaysFinite(() => RealNvp.Create(2, layers: 8));

    // In float32, after 400 steps: peers give NaN a few units from the origin.
    private static void StaysFinite(Func<Flow> make)
    {
        manual_seed(1);
        var (flow, moons) = (make(), new TwoMoons());
        Trainer.Fit(flow, moons, new FitOptions { Steps = 400, LearningRate = 2e-3, Threads = 1 });
        Assert.InRange(Trainer.NegativeLogLikelihood(flow, moons.Sample(2000)).Mean, -1, 1.5);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        double[] axis = [0, .. Enumerable.Range(-20, 81).Select(i => Math.Pow(10, i / 10.0)).SelectMany(x => (double[])[-x, x])];   // 0, +-0.01 .. +-1e6
        var grid = cartesian_prod(tensor(axis, dtype: float32, device: CPU), tensor(axis, dtype: float32, device: CPU));
        var points = cat([grid, (rand(20_000, 2) * 2 - 1) * 1e6, (rand(20_000, 2) * 2 - 1) * 10]);
        var (z, logDet) = flow.Transform.Forward(points);
        Assert.False(flow.LogProb(points).isnan().any().ToBoolean());
        Assert.True(z.isfinite().all().ToBoolean());
        Assert.True(logDet.isfinite().all().ToBoolean());
        var (x, back) = flow.Transform.Inverse(points);
        Assert.True(x.isfinite().all().ToBoolean());
        Assert.True(back.isfinite().all().ToBoolean());
    }
}
