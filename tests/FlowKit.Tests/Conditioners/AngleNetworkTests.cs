using FlowKit.Conditioners;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class AngleNetworkTests
{
    [Theory]
    [InlineData(1, 3, 0), InlineData(2, 4, 0), InlineData(4, 5, 0), InlineData(4, 5, 2), InlineData(1, 2, 2)]
    public void Steps_are_those_of_the_whole_pass(int angles, int parameters, int contextFeatures)
    {
        foreach (bool gradients in (bool[])[true, false])
            foreach (var dtype in (ScalarType[])[float64, float32])
            {
                var network = Make(angles, parameters, contextFeatures, dtype);
                var (x, context) = (rand(7, angles, dtype: dtype) * Math.Tau, contextFeatures > 0 ? randn(7, contextFeatures, dtype) : null);
                using var none = gradients ? null : no_grad();
                var whole = network.Forward(x, context);
                Assert.Equal([7L, parameters * angles], whole.shape);
                var steps = network.Begin(context, x);
                foreach (int position in network.Order)
                {
                    Assert.InRange(Distance(steps.Theta(), whole.view(7, parameters, angles).narrow(2, position, 1)), 0, dtype == float64 ? 1e-12 : 1e-5);
                    steps.Append(x.narrow(1, position, 1));
                }
            }
    }

    [Fact]
    public void A_parameter_reads_the_angles_before_its_own_as_points_of_the_circle()
    {
        var network = Make(angles: 4, parameters: 3, contextFeatures: 0, float64);
        var x = (rand(1, 4, dtype: float64) * Math.Tau).requires_grad_();
        for (int q = 0; q < 4; q++)
        {
            var theta = network.Forward(x, null).view(3, 4).select(1, network.Order[q]);
            var read = autograd.grad([theta.sum()], [x])[0][0];
            for (int other = 0; other < 4; other++)
                Assert.Equal(other < q, read[network.Order[other]].ToDouble() != 0);
        }
        Assert.InRange(Distance(network.Forward(x + Math.Tau, null), network.Forward(x, null)), 0, 1e-12);
    }

    [Fact]
    public void A_network_of_other_sizes_is_refused()
    {
        Assert.Contains("4 positions of size 1", Assert.Throws<ArgumentException>("inner", () => AngleNetwork.Of(2, 3, (d, p, size) => new Made(2 * d, p, [8]))).Message);
        Assert.Throws<ArgumentException>("inner", () => AngleNetwork.Of(2, 3, (d, p, size) => new Made(d, 3, [8], positionSize: size)));
        Assert.Throws<ArgumentException>("inner", () => AngleNetwork.Of(2, 3, (_, _, _) => null!));
        Assert.Throws<ArgumentOutOfRangeException>("angles", () => AngleNetwork.Of(0, 3, (d, p, size) => new Made(d, p, [8], positionSize: size)));
        Assert.Throws<ArgumentOutOfRangeException>("parameters", () => AngleNetwork.Of(2, 0, (d, p, size) => new Made(d, p, [8], positionSize: size)));
    }

    private static AngleNetwork Make(int angles, int parameters, int contextFeatures, ScalarType dtype)
    {
        manual_seed(1);
        var network = AngleNetwork.Of(angles, parameters, (d, p, size) =>
            new Made(d, p, [12, 12], contextFeatures > 0 ? contextFeatures : null, Orders.Random(d, seed: 3), activation: Activation.Tanh, positionSize: size));
        Shaken(network, 0.5);
        network.to(dtype);
        return network;
    }
}
