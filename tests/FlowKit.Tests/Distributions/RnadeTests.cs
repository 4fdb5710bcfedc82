using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

/// <summary>Autoregressive laws of real numbers: mixtures of normal and of Laplace laws, over a NADE or a MADE.</summary>
public class RnadeTests
{
    public static TheoryData<string> Families => ["MoG", "MoL"];

    [Theory, MemberData(nameof(Families))]
    public void Every_conditional_integrates_to_one(string name)
    {
        manual_seed(1);
        var law = Make(name, features: 3);
        var before = randn(1, 2, float64);
        using var rule = QuadratureRule.Interval((-60, 60), 240_000);
        var (joint, marginal) = (rule.Integrate(x => law.LogProb(cat([before.expand(x.size(0), 2), x], 1)).exp()), Pair(before));
        Assert.Equal(1, joint / marginal, 1e-6);

        // p(x1, x2), from the same network: its third feature integrates away, so that a two-feature density remains, here by the steps.
        double Pair(Tensor x)
        {
            var (family, network) = (FamilyOf(name), law.Network);
            var steps = network.Begin(null, zeros(1, 3, dtype: float64));
            double logP = 0;
            for (int i = 0; i < 2; i++)
            {
                logP += family.LogProb(x.narrow(1, i, 1), steps.Theta()).sum().ToDouble();
                steps.Append(x.narrow(1, i, 1));
            }
            return Math.Exp(logP);
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void The_score_of_a_draw_is_the_product_of_the_conditionals_it_was_drawn_with(string name)
    {
        manual_seed(1);
        var law = Make(name, features: 20);
        var (family, steps) = (FamilyOf(name), law.Network.Begin(null, zeros(30, 20, dtype: float64)));
        var (x, logP) = (new Tensor[20], zeros(30, dtype: float64));
        foreach (int position in law.Network.Order)
        {
            var theta = steps.Theta();
            x[position] = family.Sample(theta);
            logP += family.LogProb(x[position], theta).squeeze(1);
            steps.Append(x[position]);
        }
        Assert.InRange(Distance(law.LogProb(cat(x, 1)), logP), 0, 1e-10);
    }

    [Theory, MemberData(nameof(Families))]
    public void Far_out_the_log_density_is_that_of_the_widest_component_and_never_underflows(string name)
    {
        var family = FamilyOf(name);
        var theta = tensor(new[] { 0.3, -1, 0.2, 0, 0, 0, 0, Math.Log((Math.E - 0.1) / 0.9), 0.5 }, [1, 9, 1], dtype: float64);    // sigma_2 = e, the floor included
        var x = full(1, 1, 4000.0, float64);
        double shift = 0;                                                     // the middle one of three components is not shifted
        double weight = -1 - Math.Log(Math.Exp(0.3) + Math.Exp(-1) + Math.Exp(0.2)), e = (4000 - shift) / Math.E;
        double logP = weight - 1 + (name == "MoG" ? -e * e / 2 - Math.Log(2 * Math.PI) / 2 : -e - Math.Log(2));
        Assert.Equal(logP, family.LogProb(x, theta).ToDouble(), Math.Abs(logP) * 1e-13);
    }

    [Theory, MemberData(nameof(Families))]
    public void Rescaled_data_have_the_same_score_up_to_the_volume(string name)
    {
        manual_seed(1);
        var law = Make(name, features: 4);
        var (mean, scale) = (tensor(new[] { 1.0, -2, 3, 0 }), tensor(new[] { 0.5, 2, 10, 1 }));
        var flow = new Flow(new Standardize(mean, scale), law);
        flow.to(float64);
        var z = law.Sample(50);
        Assert.InRange(Distance(flow.LogProb(z * scale + mean), law.LogProb(z) - Math.Log(0.5 * 2 * 10)), 0, 1e-9);
    }

    [Theory, InlineData("MoG"), InlineData("MoL"), InlineData("normal")]
    public void Scaled_gradients_have_the_same_values_and_sigma_times_the_gradient_of_the_means(string name)
    {
        manual_seed(1);
        var family = FamilyOf(name);
        int means = name == "normal" ? 1 : 3, first = name == "normal" ? 0 : 3;
        var made = Shaken(new Made(3, family.ParameterCount, [8], activation: Activation.Tanh), 0.5);
        var (plain, scaled) = (new Autoregressive(family, made), new Autoregressive(family, made, scaledMeanGradient: true));
        plain.to(float64);
        scaled.to(float64);
        var x = randn(6, 3, float64);
        Assert.InRange(Distance(plain.LogProb(x), scaled.LogProb(x)), 0, 1e-14);

        var theta = made.Forward(x, null).view(6, family.ParameterCount, 3).detach().requires_grad_();
        var expected = autograd.grad([family.LogProb(x, theta).sum()], [theta])[0];
        var actual = autograd.grad([family.LogProb(x, family.ScaleMeanGradient(theta)!).sum()], [theta])[0];
        var sigma = theta.detach().narrow(1, first + means, means).exp();
        if (name != "normal") sigma = sigma * 0.9 + 0.1;                     // the floor of FamilyOf
        expected.narrow(1, first, means).mul_(sigma);
        Assert.InRange(Distance(actual, expected), 0, 1e-12);
    }

    [Fact]
    public void Scaled_gradients_take_a_family_with_means() =>
        Assert.Contains("mean and scale", Assert.Throws<ArgumentException>("scaledMeanGradient", () => new Autoregressive(new Bernoulli(), new Made(3, 1, [8]), scaledMeanGradient: true)).Message);

    [Fact]
    public void A_floor_bounds_the_density_from_above_and_is_one_at_theta_zero()
    {
        var (floored, free) = (new Normal { ScaleFloor = 0.05 }, new Normal());
        var (x, narrow) = (zeros(1, 1, dtype: float64), tensor(new[] { 0.0, -60 }, [1, 2, 1], dtype: float64));
        Assert.Equal(-Math.Log(0.05) - Math.Log(2 * Math.PI) / 2, floored.LogProb(x, narrow).ToDouble(), 1e-12);
        Assert.Equal(free.LogProb(x, zeros(1, 2, 1, dtype: float64)).ToDouble(), floored.LogProb(x, zeros(1, 2, 1, dtype: float64)).ToDouble(), 1e-14);
        Assert.Equal(2.5, Math.Exp(floored.Fixed(zeros(1), full(1, 2.5)).Entropy().ToDouble() - free.Fixed(zeros(1), ones(1)).Entropy().ToDouble()), 1e-6);
        Assert.Contains("the family's floor", Assert.Throws<ArgumentException>("scale", () => floored.Fixed(zeros(2), tensor(new[] { 1f, 0.04f }))).Message);
        Assert.Throws<ArgumentOutOfRangeException>("ScaleFloor", () => new Laplace { ScaleFloor = 1 });
        Assert.Throws<ArgumentOutOfRangeException>("ScaleFloor", () => new StudentT { ScaleFloor = double.NaN });
    }

    private static Family FamilyOf(string name) => name switch
    {
        "normal" => new Normal(),
        "MoG" => new MixtureFamily(new Normal { ScaleFloor = 0.1 }, 3),
        _ => new MixtureFamily(new Laplace { ScaleFloor = 0.1 }, 3),
    };

    private static Autoregressive Make(string name, int features) =>
        Shaken(new Autoregressive(FamilyOf(name), new Nade(features, 9, 8, activation: Activation.Tanh)), 0.4);
}
