using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Integration;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

public class ConditionalGaussianMixtureTests
{
    [Fact]
    public void Each_row_is_the_mixture_that_the_numbers_of_the_network_describe()
    {
        var (law, theta) = Constant(features: 3, components: 2);
        var mixture = Decoded(theta, 3, 2);
        var (x, c) = (randn(6, 3, float64) * 2, randn(6, 1, float64));
        Assert.InRange(Distance(law.LogProb(x, c), mixture.LogProb(x)), 0, 1e-9);
        Assert.InRange(Distance(law.LogProb(x, c[..1]), mixture.LogProb(x)), 0, 1e-9);

        var (one, single) = Constant(features: 1, components: 3);
        Assert.InRange(Distance(one.LogProb(x[.., ..1], c), Decoded(single, 1, 3).LogProb(x[.., ..1])), 0, 1e-9);
    }

    [Fact]
    public void Draws_are_those_of_the_mixture()
    {
        var (law, theta) = Constant(features: 2, components: 3);
        manual_seed(5);
        const int draws = 40_000;
        var (x, y) = (law.Sample(draws, zeros(1, 1, float64)), Decoded(theta, 2, 3).Sample(draws));
        foreach (var statistic in new Func<Tensor, Tensor>[] { v => v.select(1, 0), v => v.select(1, 1), v => v.prod(1), v => v.square().sum(1) })
        {
            var (a, b) = (statistic(x), statistic(y).to(float64));
            Assert.Equal(b.mean().ToDouble(), a.mean().ToDouble(), 4.5 * Math.Sqrt((a.var() + b.var()).ToDouble() / draws));
        }
    }

    [Fact]
    public void Rows_depend_on_their_own_context_and_components_start_apart()
    {
        manual_seed(6);
        var law = GaussianMixture.Conditional(2, 4, 3, (i, o) => new Mlp(i, o, [8]));
        law.to(float64);
        Assert.Equal(4, law.Components);
        var (x, c) = (randn(5, 2, float64), randn(5, 3, float64));
        Assert.Equal(1, Quadrature.Integrate(z => law.LogProb(z, c[..1]).exp(), (-12, 12), (-12, 12), 300), 1e-8);
        law.LogProb(x, c).sum().backward();
        var bias = law.parameters().Last().grad!;                             // 4 weights, then 4 means of 2 numbers
        Assert.True(bias.narrow(0, 4, 8).view(4, 2).unique().output.numel() == 8);

        using (no_grad()) foreach (var parameter in law.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        Assert.Equal(1, Quadrature.Integrate(z => law.LogProb(z, c[..1]).exp(), (-40, 40), (-40, 40), 1200), 1e-6);
        var all = law.LogProb(x, c);
        for (int row = 0; row < 5; row++) Assert.Equal(law.LogProb(x.narrow(0, row, 1), c.narrow(0, row, 1)).ToDouble(), all[row].ToDouble(), 1e-12);
        Assert.True(Distance(all, law.LogProb(x, c.roll(1, 0))) > 1e-3);
        Assert.Equal([0, 2], law.Sample(0, c.narrow(0, 0, 0)).shape);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Contains("to 12", Assert.Throws<ArgumentException>("conditioner", () => GaussianMixture.Conditional(2, 2, 2, (i, o) => new Mlp(i, o + 1, []))).Message);
        Assert.Throws<ArgumentOutOfRangeException>("components", () => GaussianMixture.Conditional(2, 0, 2, (i, o) => new Mlp(i, o, [])));
        Assert.Throws<ArgumentOutOfRangeException>("contextShape", () => GaussianMixture.Conditional(2, 2, 0, (i, o) => new Mlp(i, o, [])));
        Assert.Throws<ArgumentException>("context", () => Constant(2, 2).Law.LogProb(randn(3, 2, float64)));
    }

    // A law whose network gives the same numbers for every context.
    private static (ConditionalGaussianMixture Law, double[] Theta) Constant(int features, int components)
    {
        manual_seed(4);
        var law = GaussianMixture.Conditional(features, components, 1, (i, o) => new Mlp(i, o, []));
        law.to(float64);
        using var none = no_grad();
        var bias = law.parameters().Last();
        bias.copy_(randn_like(bias) * 0.5);
        return (law, bias.detach().data<double>().ToArray());
    }

    private static Mixture Decoded(double[] theta, int d, int k)
    {
        double phi = d switch { 1 => (1 + Math.Sqrt(5)) / 2, 2 => 1.324717957244746, _ => 1.2207440846057596 };          // phi^(D + 1) = phi + 1
        double total = Enumerable.Range(0, k).Sum(i => Math.Exp(theta[i]));
        var mixture = new Mixture([.. Enumerable.Range(0, k).Select(i => Math.Exp(theta[i]) / total)], Enumerable.Range(0, k).Select(Component));
        mixture.to(float64);
        return mixture;

        Distribution Component(int i)
        {
            double[] mean = [.. Enumerable.Range(0, d).Select(j => theta[k + i * d + j] + 4 * ((0.5 + i * Math.Pow(phi, -(j + 1))) % 1) - 2)];
            double[,] scale = new double[d, d];
            int below = k + 2 * k * d + i * (d * (d - 1) / 2);
            for (int row = 0; row < d; row++)
            {
                for (int column = 0; column < row; column++) scale[row, column] = theta[below++];
                scale[row, row] = Math.Exp(theta[k + k * d + i * d + row]);
            }
            var l = tensor(scale);
            var component = new MultivariateNormal(tensor(mean), l.mm(l.t()));
            component.to(float64);
            return component;
        }
    }
}
