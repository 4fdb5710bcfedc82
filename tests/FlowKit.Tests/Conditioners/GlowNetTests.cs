using FlowKit.Conditioners;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class GlowNetTests
{
    [Fact]
    public void It_is_two_normalized_convolutions_with_ReLU_and_one_with_factors()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var net = Shaken(new GlowNet(2, 3, width: 5), 0.3);
        var state = net.state_dict();
        var x = randn(4, 2, 6, 5, float64);
        Tensor h = x;
        foreach (string layer in (string[])["first", "second"])
        {
            var weight = state[$"{layer}.weight"];
            h = nn.functional.conv2d(h, weight, padding: [weight.size(2) / 2, weight.size(3) / 2]);
            h = (h * PerChannel(state[$"{layer}.norm.logScale"].exp()) + PerChannel(state[$"{layer}.norm.shift"])).relu();
        }
        var expected = nn.functional.conv2d(h, state["last.weight"], state["last.bias"], padding: [1, 1]) * PerChannel((3 * state["last.logScale"]).exp());
        Assert.InRange(Distance(net.Forward(x, null), expected), 0, 1e-12);

        static Tensor PerChannel(Tensor x) => x.reshape(1, -1, 1, 1);
    }

    [Fact]
    public void The_first_training_batch_normalizes_its_hidden_layers_and_later_ones_use_what_it_set()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var net = new GlowNet(2, 3, width: 5);
        net.to(float64);
        using (no_grad())
            foreach (var (_, parameter) in net.named_parameters().Where(it => it.name.StartsWith("last"))) parameter.add_(randn_like(parameter));
        net.train();
        var x = randn(30, 2, 6, 5, float64) * 4 + 3;
        var first = net.Forward(x, null);
        var again = net.Forward(x, null);                                     // by the normalization inside the filters
        Assert.InRange(Distance(first, again), 0, 1e-11);
        Assert.InRange(Distance(net.Forward(x.narrow(0, 0, 3), null), first.narrow(0, 0, 3)), 0, 1e-11);

        var state = net.state_dict();
        var h = nn.functional.conv2d(x, state["first.weight"], padding: [1, 1]).transpose(0, 1).flatten(1);
        var columns = h * state["first.norm.logScale"].exp().unsqueeze(1) + state["first.norm.shift"].unsqueeze(1);
        Assert.InRange(columns.mean([1]).abs().max().ToDouble(), 0, 1e-12);
        Assert.InRange((columns.std(1, unbiased: false) - 1).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Filters_start_with_a_deviation_of_a_twentieth()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var weight = new GlowNet(16, 4, width: 64).state_dict()["first.weight"];
        Assert.InRange(weight.std().ToDouble(), 0.05 - 0.0015, 0.05 + 0.0015);                           // four standard errors of 9,216 numbers
        Assert.InRange(weight.mean().ToDouble(), -0.0021, 0.0021);
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new GlowNet(2, 2, width: 0));
    }
}
