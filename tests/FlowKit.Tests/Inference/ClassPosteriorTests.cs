using FlowKit.Inference;
using FlowKit.Models;

namespace FlowKit.Tests.Inference;

public class ClassPosteriorTests
{
    [Fact]
    public void Each_column_is_the_models_own_log_density_given_that_class()
    {
        manual_seed(1);
        var flow = ConditionalInn.Create(2, 3, blocks: 1, hidden: [8]);
        using (no_grad()) foreach (var weight in flow.parameters()) weight.add_(randn_like(weight));
        var x = randn(1500, 2);                                               // more than one batch
        var all = ClassPosterior.LogProbs(flow, x, classes: 3);
        for (int c = 0; c < 3; c++)
            Assert.True(all.select(1, c).allclose(flow.LogProb(x, ClassPosterior.OneHot(full([1500], c, dtype: int64), 3)), atol: 1e-4));
        Assert.True(ClassPosterior.Of(all).allclose((all - all.logsumexp(1, keepdim: true)).exp(), atol: 1e-5));
        var prior = tensor([1f, 0, 0]);
        Assert.True(ClassPosterior.Of(all, prior).select(1, 0).allclose(ones(1500)));
    }

    [Fact]
    public void The_callers_random_stream_is_left_as_it_was()
    {
        var flow = ConditionalInn.Create(2, 3, blocks: 1, hidden: [8]);
        manual_seed(7);
        var expected = rand(3);
        manual_seed(7);
        ClassPosterior.LogProbs(flow, zeros(5, 2), classes: 3, seed: 4);
        Assert.True(rand(3).allclose(expected));
    }

    [Fact]
    public void What_is_no_class_is_refused_by_name()
    {
        Assert.Throws<ArgumentException>("labels", () => ClassPosterior.OneHot(tensor([0L, 3]), 3));
        Assert.Throws<ArgumentException>("labels", () => ClassPosterior.OneHot(zeros(2), 3));
        Assert.Throws<ArgumentException>("model", () => ClassPosterior.LogProbs(ConditionalInn.Create(2, 4), zeros(5, 2), classes: 3));
        Assert.Throws<ArgumentException>("prior", () => ClassPosterior.Of(zeros(5, 3), ones(2)));
    }
}
