using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class MaskNoticeTests
{
    [Fact]
    public void Unconnected_outputs_are_pointed_out()
    {
        var narrow = Enumerable.Range(0, 100).Select(seed => new Made(12, 1, [2], degreeSeed: seed)).First(made => made.Unconnected.Count > 1);
        string words = MaskNotice.Of(new Autoregressive(new Bernoulli(), narrow))!;
        Assert.Contains($"outputs of features {string.Join(", ", narrow.Unconnected)} of a MADE", words);
    }

    [Fact]
    public void What_is_called_unconnected_has_no_slope_and_all_else_has()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            manual_seed(seed);
            var made = new Made(6, 1, [3, 4], order: Orders.Random(6, seed), degreeSeed: seed, activation: Activation.Tanh);
            made.to(float64);
            using (no_grad())
                foreach (var parameter in made.parameters()) parameter.copy_(randn_like(parameter));
            var x = randn(1, 6, float64).requires_grad_();
            var theta = made.Forward(x, null)[0];
            int[] flat = [.. Enumerable.Range(0, 6).Where(i => !autograd.grad([theta[i]], [x], retain_graph: true)[0].ne(0).any().ToBoolean() && made.Order[0] != i)];
            Assert.Equal(flat, made.Unconnected);
        }
    }

    [Fact]
    public void Even_degrees_and_direct_connections_leave_none()
    {
        Assert.Empty(new Made(12, 1, [2]).Unconnected);
        Assert.Empty(new Made(12, 1, [2], degreeSeed: 1, direct: true).Unconnected);
        Assert.Empty(new Made(1, 1, [2]).Unconnected);
        Assert.Null(MaskNotice.Of(new Autoregressive(new Bernoulli(), new Made(12, 1, [2]))));
    }
}
