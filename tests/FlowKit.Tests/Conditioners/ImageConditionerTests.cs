using FlowKit.Conditioners;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class ImageConditionerTests
{
    public static TheoryData<string> Networks => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<Conditioner>> Makers = new()
    {
        ["residual"] = () => new ConvResidualNet(2, 6, width: 8, contextShape: 3),
        ["residual, batch normalization"] = () => new ConvResidualNet(2, 6, width: 8, contextShape: 3, batchNorm: true),
        ["gated"] = () => new GatedConvNet(2, 6, width: 8, contextShape: 3),
        ["gated, attention"] = () => new GatedConvNet(2, 6, width: 8, heads: 4, contextShape: 3),
        ["gated, pointwise, dropout"] = () => new GatedConvNet(2, 6, width: 8, contextShape: 3, dropout: 0.2, pointwise: true),
        ["Glow's"] = () => new GlowNet(2, 6, width: 8, contextShape: 3),
        ["dense"] = () => new DenseNet(2, 6, growth: 4, contextShape: 3),
        ["attention"] = () => new SelfAttention(2, 6, width: 8, contextShape: 3),
    };

    [Theory, MemberData(nameof(Networks))]
    public void A_network_starts_at_zero_and_keeps_the_size_of_the_image(string name)
    {
        var theta = Makers[name]().Forward(randn(4, 2, 3, 5), randn(4, 3));
        Assert.Equal([4, 6, 3, 5], theta.shape);
        Assert.Equal(0, theta.abs().max().ToDouble());
    }

    [Theory, MemberData(nameof(Networks))]
    public void The_context_reaches_every_output(string name)
    {
        var (net, x, context) = Shaken(name);
        var other = context.clone();
        other[0, 1] += 1;
        var moved = (net.Forward(x, other) - net.Forward(x, context)).abs();
        Assert.True(moved[0].max().ToDouble() > 1e-3);
        Assert.True(moved.select(0, 0).flatten(1).amax([0]).min().ToDouble() > 1e-9, "a position ignores the context");
        Assert.Equal(0, moved[1].max().ToDouble());                           // another image's context
    }

    [Theory, MemberData(nameof(Networks))]
    public void Other_channels_are_refused_with_both_shapes(string name)
    {
        string message = Assert.Throws<ArgumentException>("x", () => Makers[name]().Forward(randn(4, 5, 3, 3), randn(4, 3))).Message;
        Assert.Contains("(4, 5, 3, 3)", message);
        Assert.Contains("(B, 2, H, W)", message);
        Assert.Throws<ArgumentException>("x", () => Makers[name]().Forward(randn(4, 2), randn(4, 3)));
    }

    [Fact]
    public void Attention_reads_every_position_and_does_not_know_where_it_is()
    {
        manual_seed(1);
        var net = new SelfAttention(2, 3, width: 4, heads: 2);
        Shake(net);
        var x = randn(1, 2, 1, 6, float64).requires_grad_();
        var y = net.Forward(x, null);
        var reads = autograd.grad([y[0, 0, 0, 0]], [x], retain_graph: true)[0].abs().sum(1).flatten();
        Assert.True(reads.min().ToDouble() > 0);
        var order = tensor((long[])[3, 0, 5, 1, 4, 2]);
        Assert.InRange(Distance(net.Forward(x.index_select(3, order), null), y.index_select(3, order)), 0, 1e-12);
    }

    [Fact]
    public void Attention_weighs_values_by_the_softmax_of_scaled_products()
    {
        manual_seed(1);
        var net = new SelfAttention(3, 4, width: 4, heads: 2);
        Shake(net);
        var x = randn(1, 3, 1, 5, float64);
        var state = net.state_dict();
        var all = state["project.weight"].flatten(1).matmul(x.flatten(2)[0]); // (12, 5): queries, keys, values
        var heads = Enumerable.Range(0, 2).Select(h =>
        {
            var (q, k, v) = (all.narrow(0, 2 * h, 2), all.narrow(0, 4 + 2 * h, 2), all.narrow(0, 8 + 2 * h, 2));
            return v.matmul((q.t().matmul(k) / Math.Sqrt(2)).softmax(1).t());
        });
        var expected = state["last.weight"].flatten(1).matmul(cat([.. heads], dim: 0)) + state["last.bias"].unsqueeze(1);
        Assert.InRange(Distance(net.Forward(x, null)[0].flatten(1), expected), 0, 1e-12);
    }

    [Fact]
    public void A_weight_normalized_filter_has_a_direction_and_a_length()
    {
        manual_seed(1);
        var conv = new WeightNormConv(2, 3, kernel: 3);
        conv.to(float64);
        var x = randn(2, 2, 4, 4, float64);
        var y = conv.Forward(x);
        var state = conv.state_dict();
        Assert.InRange(Distance(nn.functional.conv2d(x, state["v"], state["bias"], padding: [1, 1]), y), 0, 1e-6);   // starts as v itself; g was taken in float32
        using var none = no_grad();
        state["v"].mul_(7);
        Assert.InRange(Distance(conv.Forward(x), y), 0, 1e-12);
        state["bias"].zero_();
        var plain = conv.Forward(x);
        state["g"].mul_(2);
        Assert.InRange(Distance(conv.Forward(x), plain * 2), 0, 1e-12);
    }

    [Fact]
    public void Batch_normalization_inside_a_network_is_frozen_at_evaluation()
    {
        var (net, x, context) = Shaken("residual, batch normalization");
        net.train();
        net.Forward(x, context);
        net.eval();
        Assert.InRange(Distance(net.Forward(x, context).narrow(0, 0, 1), net.Forward(x.narrow(0, 0, 1), context.narrow(0, 0, 1))), 0, 1e-12);
    }

    [Fact]
    public void A_picture_beside_the_image_is_read_where_it_stands_and_averaged_where_it_is_larger()
    {
        var net = new ConvResidualNet(1, 1, width: 4, blocks: 0, contextShape: [1, 4, 4]);
        using (no_grad())
            foreach (var parameter in net.parameters()) parameter.add_(rand_like(parameter) + 0.1);
        var picture = zeros(1, 1, 4, 4);
        var image = zeros(1, 1, 8, 8);
        var without = net.Forward(image, picture);
        picture[0, 0, 0, 0] = 1f;
        var moved = (net.Forward(image, picture) - without).abs()[0, 0];
        Assert.True(moved[0, 0].ToDouble() > 1e-3);
        Assert.Equal(0, moved.narrow(0, 4, 4).max().ToDouble());              // beyond the filter's reach

        var block = zeros(1, 1, 4, 4);
        block.narrow(2, 0, 2).narrow(3, 0, 2).fill_(0.25f);                   // the same average over a 2x2 block
        Assert.InRange(Distance(net.Forward(zeros(1, 1, 2, 2), picture), net.Forward(zeros(1, 1, 2, 2), block)), 0, 1e-6);
    }

    [Fact]
    public void A_picture_that_does_not_fit_is_refused()
    {
        Assert.Contains("(4, 4)", Assert.Throws<ArgumentException>("contextShape", () => new DenseNet(1, 1, growth: 2, contextShape: [4, 4])).Message);
        Assert.Throws<ArgumentException>("x", () => new DenseNet(1, 1, growth: 2, contextShape: [2, 4, 4]).Forward(zeros(1, 2, 4, 4), zeros(1, 2, 4, 4)));
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("inputs", () => new ConvResidualNet(0, 2, width: 4));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new ConvResidualNet(2, 2, width: 0));
        Assert.Throws<ArgumentOutOfRangeException>("blocks", () => new GatedConvNet(2, 2, width: 4, blocks: 0));
        Assert.Throws<ArgumentOutOfRangeException>("growth", () => new DenseNet(2, 2, growth: 0));
        Assert.Contains("3 heads", Assert.Throws<ArgumentException>("heads", () => new SelfAttention(2, 2, width: 4, heads: 3)).Message);
        Assert.Throws<ArgumentException>("heads", () => new GatedConvNet(2, 2, width: 4, heads: 3));
    }

    private static (Conditioner Net, Tensor X, Tensor Context) Shaken(string name)
    {
        manual_seed(1);
        var net = Makers[name]();
        Shake(net);
        net.eval();
        return (net, randn(2, 2, 4, 4, float64), randn(2, 3, float64));
    }

    private static void Shake(Conditioner net)
    {
        net.to(float64);
        using var none = no_grad();
        foreach (var parameter in net.parameters()) parameter.add_(randn_like(parameter) * 0.3);
    }
}
