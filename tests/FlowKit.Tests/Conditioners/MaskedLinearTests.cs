using FlowKit.Conditioners;
using FlowKit.Training;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

/// <summary>Two sizes: a small layer takes one product, a large staircase takes it block by block.</summary>
public class MaskedLinearTests
{
    private const int Rows = 70;

    public static TheoryData<int, bool> Sizes => new() { { 12, false }, { 300, false }, { 300, true } };

    [Theory, MemberData(nameof(Sizes))]
    public void The_product_and_its_gradients_are_those_of_the_masked_weight(int size, bool reversed)
    {
        var (layer, x) = Setting(size, reversed);
        var (input, weight, bias) = (x.clone().requires_grad_(), layer.Weight.detach().clone().requires_grad_(), layer.Bias!.detach().clone().requires_grad_());
        x.requires_grad_();
        var (y, expected) = (layer.Forward(x, 0), nn.functional.linear(input, weight * layer.Mask(0), bias));
        Assert.InRange(Distance(y, expected), 0, 1e-12);
        var upstream = randn_like(y);
        (y * upstream).sum().backward();
        (expected * upstream).sum().backward();
        Assert.InRange(Distance(x.grad!, input.grad!), 0, 1e-11);
        Assert.InRange(Distance(layer.Weight.grad!, weight.grad!), 0, 1e-11);
        Assert.InRange(Distance(layer.Bias!.grad!, bias.grad!), 0, 1e-11);
        using (no_grad()) Assert.InRange(Distance(layer.Forward(x, 0), expected), 0, 1e-12);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Second_derivatives_are_those_of_the_masked_weight(int size, bool reversed)
    {
        var (layer, x) = Setting(size, reversed);
        Assert.InRange(Distance(
            Second(x, x => layer.Forward(x, 0)),
            Second(x, x => nn.functional.linear(x, layer.Weight * layer.Mask(0), layer.Bias))), 0, 1e-9);

        static Tensor Second(Tensor at, Func<Tensor, Tensor> f)
        {
            var x = at.clone().requires_grad_();
            var first = autograd.grad([f(x).tanh().sum()], [x], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], [x])[0];
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Whatever_writes_the_weight_is_seen(int size, bool reversed)
    {
        var (layer, x) = Setting(size, reversed);
        Check("as made");
        using var adam = new FusedOptimizer(layer.named_parameters(), Optimizer.AdamW(0.1));
        for (int step = 0; step < 3; step++)
        {
            adam.Clear();
            layer.Forward(x, 0).square().sum().backward();
            adam.Step(0.1, 10);
            Check("stepped");
        }
        using (no_grad()) layer.Weight.add_(1);
        Check("written by hand");
        using var stream = new MemoryStream();
        Setting(size, reversed).Layer.save(stream);
        layer.load(new MemoryStream(stream.ToArray()));
        Check("loaded");
        layer.to(float32);
        Assert.Equal(float32, layer.Forward(x.to(float32), 0).dtype);
        layer.to(float64);
        Check("moved");

        void Check(string after)
        {
            using var none = no_grad();
            double distance = Distance(layer.Forward(x, 0), nn.functional.linear(x, layer.Weight * layer.Mask(0), layer.Bias));
            Assert.True(distance < 1e-10, $"{distance} after the weight was {after}");
        }
    }

    private static (MaskedLinear Layer, Tensor X) Setting(int size, bool reversed)
    {
        manual_seed(6);
        int[] rising = [.. Enumerable.Range(0, size).Select(k => k * 7 / size)], falling = [.. rising.Reverse()];
        var layer = new MaskedLinear([MadeDegrees.Mask(rising, reversed ? falling : rising)]);
        layer.to(float64);
        return (layer, randn(Rows, size, dtype: float64));
    }
}
