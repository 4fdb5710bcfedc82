using FlowKit.Conditioners;
using FlowKit.Models;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class TorusFlowTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void It_starts_uniform(int angles)
    {
        var flow = TorusFlow.Create(angles);
        Assert.InRange(Distance(flow.LogProb(rand(20, angles) * (2 * Math.PI)), full(20, -angles * Math.Log(2 * Math.PI))), 0, 1e-5);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void The_density_has_no_seam_and_no_turn_of_its_own(int angles)
    {
        var flow = Shaken(angles, null);
        for (int i = 0; i < angles; i++)
        {
            var x = rand([10, angles], dtype: float64) * (2 * Math.PI);
            x.select(1, i).fill_(1e-9);
            var (after, turn) = (flow.LogProb(x), x.clone());
            turn.select(1, i).fill_(2 * Math.PI - 1e-9);
            Assert.InRange(Distance(flow.LogProb(turn), after), 0, 1e-6);
            turn.select(1, i).fill_(4 * Math.PI + 1e-9);
            Assert.InRange(Distance(flow.LogProb(turn), after), 0, 1e-6);
        }
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Draws_are_angles_and_a_context_matters(int angles)
    {
        var flow = Shaken(angles, 2);
        var c = randn(50, 2, float64);
        var x = flow.Sample(50, c);
        Assert.InRange(x.min().ToDouble(), 0, 2 * Math.PI);
        Assert.InRange(x.max().ToDouble(), 0, 2 * Math.PI);
        Assert.True(Distance(flow.LogProb(x, c), flow.LogProb(x, c.roll(1, 0))) > 1e-3);
    }

    private static Flow Shaken(int angles, Shape? contextShape)
    {
        manual_seed(2);
        var flow = TorusFlow.Create(angles, layers: 3, hidden: [16], contextShape: contextShape, activation: Activation.Tanh);
        flow.to(float64);
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.4);
        return flow;
    }
}
