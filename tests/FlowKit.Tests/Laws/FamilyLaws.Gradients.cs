using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Laws;

public partial class FamilyLaws
{
    [Theory, MemberData(nameof(FamilyCatalog.Continuous), MemberType = typeof(FamilyCatalog))]
    public void The_slope_of_the_distribution_function_is_the_density(string name)
    {
        var (it, theta, x) = Setting(name);
        x = OffCorner(it, x.masked_select(x.isfinite().logical_and(x.gt(it.Ends.Low + 1e-300)).logical_and(x.lt(it.Ends.High))).unsqueeze(1)).requires_grad_();
        var density = it.Family.LogProb(x, theta).exp();
        foreach (bool upper in (bool[])[false, true])
        {
            var p = upper ? -it.Family.Survival(x, theta) : it.Family.Cdf(x, theta);
            var slope = autograd.grad([p.sum()], [x], retain_graph: true, create_graph: true)[0];
            Near(density, slope, (1e-11 + it.Rounding) * density + 1e-14 * p.abs() * Scale(x));
            var (bend, exact) = (autograd.grad([slope.sum()], [x], retain_graph: true)[0], autograd.grad([density.sum()], [x], retain_graph: true)[0]);
            Near(exact, bend, (1e-7 + it.Rounding) * (exact.abs() + density * Scale(x)) + 1e-10 * p.abs() * Scale(x) * Scale(x));
        }

        Tensor Scale(Tensor x) => (it.Family.Quantile(full(1, 1, 0.9, float64), theta) - it.Family.Quantile(full(1, 1, 0.1, float64), theta)).reciprocal() + x.detach().abs().reciprocal() + (it.Ends.High - x.detach()).reciprocal();
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Gradients_to_theta_are_those_of_differences(string name)
    {
        var it = FamilyCatalog.Get(name);
        if (!it.Parameters.All(double.IsFinite)) return;
        var x = Inside(it);
        var p = it.Family.IsDiscrete ? null : it.Family.Cdf(x, it.Theta);
        Check(theta => it.Family.LogCdf(x, theta));
        Check(theta => it.Family.LogSurvival(x, theta));
        if (p is not null) Check(theta => it.Family.Quantile(p, theta));

        void Check(Func<Tensor, Tensor> f)
        {
            var theta = it.Theta.repeat(x.size(0), 1, 1).requires_grad_();
            var value = f(theta);
            var exact = autograd.grad([value.sum()], [theta])[0];
            double h = it.Step;
            for (int i = 0; i < it.Parameters.Length; i++)
            {
                var slope = (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h);
                Near(slope, exact.select(1, i), 1e-6 * slope.abs().clamp_min(1) + value.detach().abs() * 4e-15 / h);

                Tensor At(double step)
                {
                    var moved = it.Theta.clone();
                    moved[0, i, 0] = it.Parameters[i] + step;
                    return f(moved);
                }
            }
        }
    }

    [Theory, MemberData(nameof(FamilyCatalog.Continuous), MemberType = typeof(FamilyCatalog))]
    public void Gradients_of_quantiles_are_the_density_s_reciprocal(string name)
    {
        var it = FamilyCatalog.Get(name);
        var p = tensor([1e-12, 1e-3, 0.2, 0.5, 0.8, 0.99], [6, 1], dtype: float64).requires_grad_();
        var x = it.Family.Quantile(p, it.Theta);
        var keep = x.detach().gt(0).logical_and(x.detach().ne(it.Ends.High)).logical_or(x.detach().lt(0)).logical_and(x.detach().isfinite());
        var slope = autograd.grad([x.masked_select(keep).sum()], [p])[0].masked_select(keep);
        var exact = it.Family.LogProb(x, it.Theta).neg().exp().masked_select(keep);
        Near(exact, slope, exact * (1e-9 + it.Rounding));
    }

    [Theory, MemberData(nameof(FamilyCatalog.Names), MemberType = typeof(FamilyCatalog))]
    public void Every_theta_gives_probabilities_and_finite_gradients(string name)
    {
        var it = FamilyCatalog.Get(name);
        manual_seed(3);
        foreach (double size in (double[])[3, 100])
        {
            var theta = (randn(40, it.Parameters.Length, 1, dtype: float64) * size).requires_grad_();
            var x = (randn(40, 1, dtype: float64) * (randn(40, 1, dtype: float64) * 4).exp()).requires_grad_();
            var (below, above) = (it.Family.Cdf(x, theta), it.Family.Survival(x, theta));
            Assert.True(below.ge(0).logical_and(below.le(1)).all().ToBoolean());
            Assert.InRange(Distance(below + above, ones_like(below)), 0, 1e-14);
            Assert.True(autograd.grad([below.sum() + above.sum()], [theta], allow_unused: true)[0].isfinite().all().ToBoolean());
            Assert.False(it.Family.Quantile(rand(40, 1, dtype: float64), theta).isnan().any().ToBoolean());
        }
    }
}
