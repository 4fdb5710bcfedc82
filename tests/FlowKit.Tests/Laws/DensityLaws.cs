using FlowKit.Distributions;
using FlowKit.Integration;
using static FlowKit.Tests.Laws.Numeric;

namespace FlowKit.Tests.Laws;

/// <summary>What every density obeys, in float64.</summary>
public class DensityLaws
{
    private const long Draws = 40_000;

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void The_density_integrates_to_one(string name)
    {
        var (it, p) = Setting(name);
        Assert.InRange(Grid(it, p, logP => logP.exp()), 1 - it.Tolerance, 1 + it.Tolerance);
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void The_mean_log_prob_of_its_own_draws_is_minus_its_entropy(string name)
    {
        var (it, p) = Setting(name);
        var logP = p.LogProb(p.Sample(Draws));
        double standardError = logP.std().ToDouble() / Math.Sqrt(Draws);
        double entropy = -Grid(it, p, logP => (logP.exp() * logP).nan_to_num(nan: 0));
        Assert.InRange(logP.mean().ToDouble() + entropy, -4.5 * standardError - it.Tolerance * 10, 4.5 * standardError + it.Tolerance * 10);
    }

    [Theory, MemberData(nameof(DensityCatalog.WithEntropy), MemberType = typeof(DensityCatalog))]
    public void The_entropy_on_a_grid_is_the_one_in_closed_form(string name)
    {
        var (it, p) = Setting(name);
        Assert.Equal(it.Entropy!.Value, -Grid(it, p, logP => (logP.exp() * logP).nan_to_num(nan: 0)), it.Tolerance * 10);
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void Draws_fall_where_the_density_says(string name)
    {
        var (it, p) = Setting(name);
        var x = p.Sample(Draws);
        foreach (double fraction in (double[])[0.25, 0.475, 0.5, 0.525, 0.625])   // multiples of every grid's cell: the cut runs between cells
        {
            double cut = it.Bounds.Low + fraction * (it.Bounds.High - it.Bounds.Low);
            double mass = Grid(it, p, logP => logP.exp(), x => x.select(1, x.size(1) - 1).le(cut).to(float64));
            double standardError = Math.Sqrt(Math.Max(mass * (1 - mass), 1e-4) / Draws);
            Assert.InRange(x.select(1, x.size(1) - 1).le(cut).to(float64).mean().ToDouble() - mass, -4.5 * standardError, 4.5 * standardError);
        }
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void Drawing_with_log_prob_gives_the_log_prob_of_the_draw(string name)
    {
        var (_, p) = Setting(name);
        var (x, logP) = p.SampleWithLogProb(50);
        Assert.InRange(Distance(p.LogProb(x), logP), 0, 1e-9);
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void Draws_have_the_promised_shape_and_the_modules_precision(string name)
    {
        var (_, p) = Setting(name);
        Assert.Equal([3, .. p.EventShape], p.Sample(3).shape);
        Assert.Equal([0, .. p.EventShape], p.Sample(0).shape);
        Assert.Equal(float64, p.Sample(1).dtype);
        p.to(float32);
        Assert.Equal(float32, p.Sample(1).dtype);
        Assert.Equal(float32, p.LogProb(p.Sample(2)).dtype);
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void Extreme_points_have_no_NaN_log_prob_and_NaN_has(string name)
    {
        var (_, p) = Setting(name);
        foreach (double at in (double[])[0, 1e-8, 1e4, -1e4, 1e6, -1e6, double.MaxValue / 1e200])
            Assert.False(p.LogProb(full([2, .. p.EventShape], at, dtype: float64)).isnan().any().ToBoolean(), $"NaN at {at}");
        Assert.True(p.LogProb(full([2, .. p.EventShape], double.NaN, dtype: float64)).isnan().all().ToBoolean());
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void There_is_no_density_at_infinity_and_NaN_beside_it_stays(string name)
    {
        var (_, p) = Setting(name);
        var x = p.Sample(4);
        x[0] = double.PositiveInfinity;
        x[1] = double.NegativeInfinity;
        x[2, 0] = double.PositiveInfinity;
        var logP = p.LogProb(x);
        Assert.True(logP.narrow(0, 0, 3).eq(double.NegativeInfinity).all().ToBoolean());
        Assert.True(logP[3].isfinite().ToBoolean());
        if (p.Dimensions == 1) return;
        x[2, 1] = double.NaN;
        Assert.True(p.LogProb(x)[2].isnan().ToBoolean());
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void Wrong_shapes_and_unwanted_contexts_are_refused_by_name(string name)
    {
        var (_, p) = Setting(name);
        string message = Assert.Throws<ArgumentException>("x", () => p.LogProb(zeros(4, 9, float64))).Message;
        Assert.Contains("(4, 9)", message);
        Assert.Contains($"expected (B, {p.EventShape[0]}", message);
        Assert.Throws<ArgumentException>("x", () => p.LogProb(tensor(1.0)));
        Assert.Throws<ArgumentException>("context", () => p.LogProb(zeros(4, p.EventShape[0], float64), zeros(4, 1, float64)));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => p.Sample(-1));
    }

    [Theory, MemberData(nameof(DensityCatalog.Names), MemberType = typeof(DensityCatalog))]
    public void Only_the_results_outlive_a_call(string name)
    {
        var (_, p) = Setting(name);
        MemoryLaw.OnlyTheResultsOutliveACall(p);
    }

    private static (DensityCase Case, Distribution P) Setting(string name) => (DensityCatalog.Get(name), DensityCatalog.Get(name).Create());

    // The midpoint rule on the line or the plane, weighted.
    private static double Grid(DensityCase it, Distribution p, Func<Tensor, Tensor> f, Func<Tensor, Tensor>? weight = null)
    {
        if (p.Dimensions == 2) return Quadrature.Integrate(Weighted, it.Bounds, it.Bounds, it.Resolution);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var x = tensor(Quadrature.Midpoints(it.Bounds, 4000), dtype: float64).unsqueeze(1);
        return Weighted(x).sum().ToDouble() * (it.Bounds.High - it.Bounds.Low) / 4000;

        Tensor Weighted(Tensor x) => weight is null ? f(p.LogProb(x)) : f(p.LogProb(x)) * weight(x);
    }
}
