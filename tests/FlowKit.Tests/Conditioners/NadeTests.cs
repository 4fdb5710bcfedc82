using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class NadeTests
{
    [Theory]
    [InlineData(1, 2, false, Activation.ReLU)]
    [InlineData(5, 1, true, Activation.Sigmoid)]
    [InlineData(16, 3, true, Activation.ReLU)]
    [InlineData(17, 3, false, Activation.Tanh)]
    [InlineData(50, 2, true, Activation.SiLU)]
    public void The_recursion_equals_the_direct_sum(int features, int parameters, bool rescales, Activation activation)
    {
        var nade = Shaken(new Nade(features, parameters, 7, contextShape: 2, order: Orders.Random(features, seed: 5), rescales: rescales, activation: activation), 0.5);
        var (x, y) = (randn(9, features, float64), randn(9, 2, float64));
        var theta = nade.Forward(x, y).view(9, parameters, features);
        Assert.InRange(Distance(theta, Direct(nade, x, y, activation)), 0, 1e-10);

        using var none = no_grad();           // without gradients a large batch goes in blocks of rows
        var (many, contexts) = (x.repeat(60, 1), y.repeat(60, 1));
        Assert.InRange(Distance(nade.Forward(many, contexts).view(540, parameters, features), theta.repeat(60, 1, 1)), 0, 1e-12);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Every_step_gives_the_parameters_of_the_pass(bool gradients)
    {
        using var grad = set_grad_enabled(gradients);
        var nade = Shaken(new Nade(20, 4, 6, contextShape: 3, order: Orders.Random(20, seed: 2)), 0.5);
        var (x, y) = (randn(5, 20, float64), randn(5, 3, float64));
        var theta = nade.Forward(x, y).view(5, 4, 20);
        var steps = nade.Begin(y, x);
        foreach (int position in nade.Order)
        {
            Assert.InRange(Distance(steps.Theta(), theta.narrow(2, position, 1)), 0, 1e-12);
            steps.Append(x.narrow(1, position, 1));
        }
    }

    [Theory, InlineData(6, 1), InlineData(19, 2)]
    public void Outputs_read_what_comes_before_them_and_nothing_else(int features, int seed)
    {
        var nade = Shaken(new Nade(features, 2, 24, order: Orders.Random(features, seed), activation: Activation.Tanh), 0.4);
        var x = randn(1, features, float64).requires_grad_();
        var theta = nade.Forward(x, null).view(2, features).sum(dim: 0);
        for (int q = 0; q < features; q++)
        {
            var slope = autograd.grad([theta[nade.Order[q]]], [x], retain_graph: true, allow_unused: true)[0][0];
            for (int r = 0; r < features; r++)
            {
                double of = slope[nade.Order[r]].ToDouble();
                if (r >= q) Assert.Equal(0, of);
                else Assert.NotEqual(0, of);
            }
        }
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        var nade = Shaken(new Nade(18, 2, 4, contextShape: 1, activation: Activation.Tanh), 0.4);
        var (x, y) = (randn(3, 18, float64), randn(3, 1, float64));
        var law = new Autoregressive(new Normal(), nade);
        law.to(float64);
        law.LogProb(x, y).sum().backward();
        const double h = 1e-5;
        foreach (var (name, weight) in nade.named_parameters())
            for (int i = 0; i < Math.Min(5, weight.numel()); i++)
            {
                double slope = (At(h) - At(-h)) / (2 * h), exact = weight.grad!.flatten()[i].ToDouble();
                Assert.True(Math.Abs(slope - exact) <= 1e-6 * (1 + Math.Abs(exact)), $"{name}[{i}]: {exact}, by differences {slope}");

                double At(double step)
                {
                    using var none = no_grad();
                    var flat = weight.view(-1);
                    flat[i] = flat[i] + step;
                    double value = law.LogProb(x, y).sum().ToDouble();
                    flat[i] = flat[i] - step;
                    return value;
                }
            }
    }

    [Fact]
    public void It_starts_at_zero() => Assert.Equal(0, new Nade(4, 2, 16).Forward(randn(3, 4), null).abs().max().ToDouble());

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new Nade(0, 1, 4));
        Assert.Throws<ArgumentOutOfRangeException>("parameters", () => new Nade(2, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>("hidden", () => new Nade(2, 1, 0));
        Assert.Contains("each of 0..2 once; got (0, 2, 2)", Assert.Throws<ArgumentException>("order", () => new Nade(3, 1, 4, order: [0, 2, 2])).Message);
        Assert.Throws<ArgumentException>("network", () => new MaskedAutoregressive(new AffineMap(), new Nade(3, 1, 4)));
        Assert.Throws<ArgumentException>("context", () => new Autoregressive(new Bernoulli(), new Nade(3, 1, 4)).LogProb(zeros(2, 3), zeros(2, 1)));
    }

    // Every position by itself, as the paper writes it: h = act(rho (c + U y + sum of x_e W_e over the positions before)).
    private static Tensor Direct(Nade nade, Tensor x, Tensor y, Activation activation)
    {
        var state = nade.state_dict();
        var (c, u, v, b) = (state["start"], state["reading"], state["weight"], state["bias"]);
        var theta = new Tensor[nade.Order.Count];
        for (int q = 0; q < theta.Length; q++)
        {
            var a = c + y.matmul(u.t());
            for (int e = 0; e < q; e++) a = a + x.narrow(1, nade.Order[e], 1) * state["influence"][e];
            if (state.TryGetValue("rescaling", out var rho)) a = a * rho[q];
            var h = activation switch { Activation.ReLU => a.relu(), Activation.Tanh => a.tanh(), Activation.Sigmoid => 1 / (1 + (-a).exp()), _ => a / (1 + (-a).exp()) };
            theta[nade.Order[q]] = h.matmul(v[q].t()) + b[q];
        }
        return stack(theta, dim: 2);
    }
}
