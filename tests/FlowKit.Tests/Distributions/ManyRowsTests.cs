using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Distributions;

/// <summary>Many rows without gradients are computed in blocks, and nobody sees it in what comes out.</summary>
public class ManyRowsTests
{
    private const int Many = 40_001;

    [Fact]
    public void Log_densities_in_blocks_are_those_in_one_piece()
    {
        var probe = new Probe();
        probe.eval();
        var x = randn(Many, 2);
        x[Many - 1, 0] = double.NaN;
        using var none = no_grad();
        var blocks = probe.LogProb(x);
        Assert.Equal([13_312, 13_376, 13_313], probe.Seen);
        Assert.True(blocks[..^1].eq(x.sum(1)[..^1]).all().ToBoolean() && blocks[^1].isnan().ToBoolean());
        Assert.Equal(float32, blocks.dtype);
    }

    [Fact]
    public void So_are_those_of_a_flow()
    {
        var flow = Scattered();
        flow.eval();
        var x = randn(Many, 2, dtype: float64);
        var whole = flow.LogProb(x);                                          // with gradients: in one piece
        using var none = no_grad();
        Assert.InRange(Distance(flow.LogProb(x), whole), 0, 1e-12);
    }

    [Fact]
    public void Integers_are_made_real_by_the_block()
    {
        var law = new StandardNormal(2);
        law.eval();
        var x = arange(2 * Many, dtype: int64).reshape(Many, 2).remainder(3);
        using var none = no_grad();
        Assert.True(law.LogProb(x).eq(law.LogProb(x.to(float32))).all().ToBoolean());
    }

    [Fact]
    public void Contexts_go_with_their_rows_and_one_for_all_goes_with_each_block()
    {
        var probe = new Probe(conditional: true);
        probe.eval();
        var (x, c) = (randn(Many, 2), randn(Many, 1));
        using var none = no_grad();
        Assert.True(probe.LogProb(x, c).eq(x.sum(1) - c.squeeze(1)).all().ToBoolean());
        Assert.True(probe.LogProb(x, c[..1]).eq(x.sum(1) - c[0]).all().ToBoolean());
        Assert.Equal(6, probe.Seen.Count);
        Assert.True(probe.Sample(Many, c)[.., 1].eq(c.squeeze(1)).all().ToBoolean());
        var (y, logProb) = probe.SampleWithLogProb(Many, c);
        Assert.True(logProb.eq(y.sum(1) - c.squeeze(1)).all().ToBoolean());
        Assert.Throws<ArgumentException>("context", () => probe.LogProb(x, c[..^1]));
    }

    [Fact]
    public void Draws_in_blocks_have_the_shape_the_law_and_the_numbers_of_those_in_one_piece()
    {
        var flow = Scattered();
        Tensor Draws(bool inBlocks)
        {
            flow.train(!inBlocks);                                            // in training mode there are no blocks, and nothing in this flow minds it
            manual_seed(5);
            return flow.Sample(Many);
        }

        var (blocks, whole) = (Draws(inBlocks: true), Draws(inBlocks: false));
        Assert.Equal([Many, 2], blocks.shape);
        Assert.InRange(Distance(blocks, whole), 0, 1e-12);
        var z = flow.Transform.Forward(blocks).Z;
        Assert.InRange(z.mean([0]).abs().max().ToDouble(), 0, 0.02);
        Assert.InRange((z.std(0, unbiased: true) - 1).abs().max().ToDouble(), 0, 0.02);
    }

    [Fact]
    public void Draws_come_with_their_log_densities()
    {
        var flow = Scattered();
        flow.eval();
        using var none = no_grad();
        var (x, logProb) = flow.SampleWithLogProb(Many);
        Assert.InRange(Distance(logProb, flow.LogProb(x)), 0, 1e-9);
    }

    [Fact]
    public void In_training_mode_and_with_gradients_the_batch_is_one()
    {
        var probe = new Probe();
        var x = randn(Many, 2);
        using (no_grad()) probe.LogProb(x);
        probe.eval();
        probe.LogProb(x);
        using (no_grad()) new Mixture([1], probe).LogProb(x);                 // a part in evaluation mode of a whole in training mode
        Assert.Equal([Many, Many, 13_312, 13_376, 13_313], probe.Seen);       // the part itself may
    }

    [Fact]
    public void Batch_statistics_are_those_of_the_whole_batch()
    {
        var x = randn(Many, 2) * arange(1, Many + 1, dtype: float32).unsqueeze(1) / Many;       // the last rows scatter most
        Flow[] flows = [.. Enumerable.Range(0, 2).Select(_ => new Flow(new Chain(new BatchNormTransform(2), new ActNorm(2)), new StandardNormal(2)))];
        var whole = flows[0].LogProb(x);
        using var none = no_grad();
        Assert.InRange(Distance(flows[1].LogProb(x), whole), 0, 1e-5);
        foreach (var (name, tensor) in flows[0].state_dict()) Assert.InRange(Distance(flows[1].state_dict()[name], tensor), 0, 1e-6);
    }

    [Fact]
    public void No_rows_give_no_results()
    {
        var flow = Scattered();
        flow.eval();
        using var none = no_grad();
        Assert.Equal([0], flow.LogProb(zeros(0, 2, dtype: float64)).shape);
        Assert.Equal([0, 2], flow.Sample(0).shape);
        Assert.Empty(flow.LogProbs([]));
    }

    [Fact]
    public void Batches_that_come_one_after_the_other_are_scored_one_after_the_other()
    {
        var probe = new Probe(conditional: true);
        var (x, c) = (randn(30, 2), randn(30, 1));
        int asked = 0;
        IEnumerable<Dataset> Batches()
        {
            for (int i = 0; i < 3; i++)
            {
                asked++;
                yield return new(x[(10 * i)..(10 * i + 10)], c[(10 * i)..(10 * i + 10)]);
            }
        }

        var all = new List<Tensor>();
        Tensor? last = null;
        foreach (var logProb in probe.LogProbs(Batches()))
        {
            Assert.True(last is null || last.IsInvalid);                      // the one before is freed
            Assert.Equal(all.Count + 1, asked);
            Assert.False(logProb.requires_grad);
            all.Add(logProb.clone());
            last = logProb;
        }
        Assert.True(last!.IsInvalid);
        Assert.True(cat(all).eq(x.sum(1) - c.squeeze(1)).all().ToBoolean());
        Assert.Throws<ArgumentNullException>("batches", () => probe.LogProbs(null!));
        Assert.Throws<ArgumentException>("x", () => probe.LogProbs([new(randn(3, 3), c[..3])]).Count());
    }

    private static Flow Scattered()
    {
        manual_seed(2);
        var flow = RealNvp.Create(2, layers: 4, hidden: [16]);
        flow.to(float64);
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.2);
        return flow;
    }

    /// <summary>Notes the sizes of the batches it sees. Its "density" is the sum of x, less the context.</summary>
    private sealed class Probe(bool conditional = false) : Distribution("probe", 2)
    {
        public List<long> Seen { get; } = [];

        public override Shape? ContextShape => conditional ? 1 : null;

        protected override Tensor LogProbCore(Tensor x, Tensor? context)
        {
            Seen.Add(x.size(0));
            return context is null ? x.sum(1) : x.sum(1) - context.squeeze(1);
        }

        protected override Tensor SampleCore(long count, Tensor? context) => cat([randn(count, 1), context ?? zeros(count, 1)], dim: 1);
    }
}
