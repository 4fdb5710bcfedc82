using FlowKit.Conditioners;
using FlowKit.Inference;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class TorusFlowTests
{
    private delegate Flow Maker(long angles, CircleMap? map = null, Shape? contextShape = null);

    private static readonly Dictionary<string, Maker> Kinds = new()
    {
        ["coupled"] = (angles, map, contextShape) => TorusFlow.Create(angles, layers: 3, hidden: [16], contextShape: contextShape, activation: Activation.Tanh, map: map),
        ["one coupling"] = (angles, map, contextShape) => TorusFlow.Create(angles, layers: 1, hidden: [16], contextShape: contextShape, activation: Activation.Tanh, map: map),
        ["autoregressive"] = (angles, map, contextShape) => TorusFlow.Autoregressive(angles, hidden: [16], contextShape: contextShape, activation: Activation.Tanh, map: map),
        ["inverse autoregressive"] = (angles, map, contextShape) =>
            TorusFlow.Autoregressive(angles, hidden: [16], contextShape: contextShape, activation: Activation.Tanh, map: map, inverse: true),
    };

    public static TheoryData<string, int> Each => Cases(1, 2, 3, 4, 5, 6, 9);

    public static TheoryData<string, int> Few => Cases(1, 3);

    [Theory, MemberData(nameof(Each))]
    public void It_starts_uniform(string kind, int angles)
    {
        var flow = Kinds[kind](angles);
        Assert.InRange(Distance(flow.LogProb(rand(20, angles) * Math.Tau), full(20, -angles * Math.Log(Math.Tau))), 0, 1e-5);
    }

    [Theory, MemberData(nameof(Each))]
    public void Draws_are_angles_in_one_turn_and_come_with_their_log_prob(string kind, int angles)
    {
        foreach (CircleMap? map in (CircleMap?[])[null, new MoebiusMap(2, Rotates: true)])
        {
            var flow = Shaken(Kinds[kind](angles, map));
            var (x, logProb) = flow.SampleWithLogProb(50);
            Assert.True(x.ge(0).logical_and(x.lt(Math.Tau)).all().ToBoolean());
            Assert.InRange(Distance(flow.LogProb(x), logProb), 0, 1e-7);
            Assert.True(logProb.std().ToDouble() > 1e-3);
        }
    }

    [Theory, MemberData(nameof(Few))]
    public void Angles_of_any_range_have_the_density_of_their_point(string kind, int angles)
    {
        foreach (CircleMap? map in (CircleMap?[])[null, new NonCompactProjectionMap(2, Rotates: true)])
        {
            var flow = Shaken(Kinds[kind](angles, map));
            var x = rand(20, angles, dtype: float64) * Math.Tau;
            var turns = randint(-3, 4, [20, angles], dtype: float64) * Math.Tau;
            Assert.True(flow.LogProb(x).isfinite().all().ToBoolean());
            Assert.InRange(Distance(flow.LogProb(x + turns), flow.LogProb(x)), 0, 1e-9);
        }
    }

    [Fact]
    public void One_coupling_has_the_state_of_a_first_layer_and_takes_angles_of_any_turn()
    {
        var flow = Shaken(Kinds["one coupling"](3));
        Assert.All(flow.state_dict().Keys, key => Assert.StartsWith("transform.layers.0.", key));
        Assert.Subset(TorusFlow.Create(3, layers: 2, hidden: [16], activation: Activation.Tanh).state_dict().Keys.ToHashSet(), flow.state_dict().Keys.ToHashSet());
        var x = rand(20, 3, dtype: float64) * Math.Tau;
        Assert.InRange(Distance(flow.LogProb(x + Math.Tau), flow.LogProb(x)), 0, 1e-9);
        var z = flow.Transform.Forward(x + Math.Tau).Z;
        Assert.True(z.ge(0).logical_and(z.lt(Math.Tau)).all().ToBoolean());
    }

    [Theory, MemberData(nameof(Few))]
    public void The_density_has_no_seam_and_its_gradient_has_none_with_smooth_maps(string kind, int angles)
    {
        foreach (CircleMap? map in (CircleMap?[])[null, new MoebiusMap(2, Rotates: true), new NonCompactProjectionMap(2, Rotates: true)])
        {
            var flow = Shaken(Kinds[kind](angles, map));
            for (int i = 0; i < angles; i++)
            {
                var x = rand([10, angles], dtype: float64) * Math.Tau;
                var ((after, slopes), (before, slopesBefore)) = (At(1e-9), At(Math.Tau - 1e-9));
                Assert.InRange(Distance(before, after), 0, 1e-5);
                if (map is not null) Assert.InRange(Distance(slopesBefore, slopes), 0, 1e-5);

                (Tensor, Tensor) At(double angle)
                {
                    var at = x.clone();
                    at.select(1, i).fill_(angle);
                    at.requires_grad_();
                    var logProb = flow.LogProb(at);
                    return (logProb, autograd.grad([logProb.sum()], [at])[0]);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Few))]
    public void A_context_matters(string kind, int angles)
    {
        var flow = Shaken(Kinds[kind](angles, contextShape: 2));
        var c = randn(50, 2, float64);
        var x = flow.Sample(50, c);
        Assert.True(Distance(flow.LogProb(x, c), flow.LogProb(x, c.roll(1, 0))) > 1e-3);
    }

    // Uniform draws have KL(u || p) = 0.23591.
    [Theory, InlineData("coupled"), InlineData("autoregressive"), InlineData("inverse autoregressive")]
    public void Reverse_KL_finds_a_correlation_of_two_angles(string kind)
    {
        manual_seed(1);
        var flow = Kinds[kind](2, new MoebiusMap(4, Rotates: true));
        double logNormalizer = 3.911668;                                      // ln((2 pi)² I0(1))
        Trainer.Fit(flow, () => Objectives.ReverseKl(flow, Target, draws: 64, logNormalizer), new FitOptions { Steps = 250, LearningRate = 1e-2, Threads = 1 });
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Assert.InRange(Objectives.ReverseKl(flow, Target, draws: 10_000, logNormalizer).ToDouble(), -0.01, 0.1);

        static Tensor Target(Tensor x) => (x.sum(1) - 1.94).cos();
    }

    [Fact]
    public void No_angles_and_no_layers_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("angles", () => TorusFlow.Create(0));
        Assert.Throws<ArgumentOutOfRangeException>("angles", () => TorusFlow.Autoregressive(0));
        Assert.Throws<ArgumentOutOfRangeException>("layers", () => TorusFlow.Create(2, layers: 0));
        Assert.Throws<ArgumentOutOfRangeException>("layers", () => TorusFlow.Autoregressive(2, layers: 0));
        Assert.Throws<ArgumentOutOfRangeException>("Bins", () => TorusFlow.Autoregressive(2, bins: 1));
    }

    private static TheoryData<string, int> Cases(params int[] angles)
    {
        var cases = new TheoryData<string, int>();
        foreach (string kind in Kinds.Keys)
            foreach (int each in angles) cases.Add(kind, each);
        return cases;
    }

    private static Flow Shaken(Flow flow)
    {
        manual_seed(2);
        return FlowKit.Laws.Expect.Shaken(flow, 0.4);
    }
}
