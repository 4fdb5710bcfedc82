using FlowKit.Conditioners;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

/// <summary>A network without steps of its own inverts and steps as the same network with them.</summary>
public class WholePassStepsTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void Whole_passes_give_what_incremental_steps_give(bool gradients)
    {
        using var grad = set_grad_enabled(gradients);
        var made = Shaken(new Made(4, 2, [16], contextShape: 3, order: Orders.Random(4, seed: 2)), 0.3);
        var (fast, slow) = (new MaskedAutoregressive(new AffineMap(), made), new MaskedAutoregressive(new AffineMap(), new Stepless(made)));
        foreach (var f in new[] { fast, slow }) f.to(float64);
        var (z, c) = (randn(6, 4, float64), randn(6, 3, float64));
        var (expected, x) = (fast.Inverse(z, c), slow.Inverse(z, c));
        Assert.InRange(Distance(x.X, expected.X), 0, 1e-10);
        Assert.InRange(Distance(x.LogDet, expected.LogDet), 0, 1e-10);
        Assert.True(Distance(expected.X, z) > 1e-2);
    }

    [Fact]
    public void Every_step_gives_the_parameters_of_the_pass()
    {
        var made = Shaken(new Made(3, 4, [16], order: Orders.Reverse(3)), 0.5);
        var x = randn(5, 3, float64);
        var theta = made.Forward(x, null).view(5, 4, 3);
        using var none = no_grad();
        foreach (var steps in new[] { made.Begin(null, x), new Stepless(made).Begin(null, x) })
            foreach (int position in made.Order)
            {
                Assert.InRange(Distance(steps.Theta(), theta.narrow(2, position, 1)), 0, 1e-12);
                steps.Append(x.narrow(1, position, 1));
            }
    }

    private sealed class Stepless : AutoregressiveNetwork
    {
        private readonly Made inner;

        public Stepless(Made inner) : base(nameof(Stepless), inner.Inputs, inner.Parameters, inner.ContextShape)
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override IReadOnlyList<int> Order => inner.Order;

        public override Tensor Forward(Tensor x, Tensor? context) => inner.Forward(x, context);
    }
}
