using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests;

public class EmbeddedDistributionTests
{
    [Fact]
    public void It_is_the_inner_distribution_given_the_embedded_context()
    {
        var (whole, inner, embedding) = Make();
        var (x, pictures) = (randn(6, 2), randn(6, 1, 4, 4));
        Assert.Equal(0, Distance(whole.LogProb(x, pictures), inner.LogProb(x, embedding.call(pictures))));
        Assert.True(Distance(whole.LogProb(x, pictures), whole.LogProb(x, pictures.roll(1, 0))) > 1e-3);
        Assert.Equal([6, 2], whole.Sample(6, pictures).shape);
        var (draws, logP) = whole.SampleWithLogProb(6, pictures);
        Assert.InRange(Distance(whole.LogProb(draws, pictures), logP), 0, 1e-4);
        Assert.Equal([1, 4, 4], whole.ContextShape);
    }

    [Fact]
    public void The_embedding_is_trained_moved_and_saved_with_the_rest()
    {
        var (whole, inner, embedding) = Make();
        whole.LogProb(randn(6, 2), randn(6, 1, 4, 4)).sum().backward();
        Assert.All(embedding.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
        Assert.Equal(inner.parameters().Count() + embedding.parameters().Count(), whole.parameters().Count());
        Assert.Contains("embedding.1.weight", whole.state_dict().Keys);
        whole.to(float64);
        Assert.Equal(float64, whole.LogProb(randn(6, 2, float64), randn(6, 1, 4, 4, float64)).dtype);
    }

    [Fact]
    public void Contexts_of_another_shape_are_refused_by_name()
    {
        var (whole, inner, embedding) = Make();
        Assert.Contains("(6, 1, 4, 4)", Assert.Throws<ArgumentException>("context", () => whole.LogProb(randn(6, 2), randn(6, 4, 1, 4))).Message);
        Assert.Contains("(6, 1, 4, 4)", Assert.Throws<ArgumentException>("context", () => whole.LogProb(randn(6, 2), randn(6, 16))).Message);
        Assert.Contains("needs a context", Assert.Throws<ArgumentException>("context", () => whole.LogProb(randn(6, 2))).Message);
        Assert.Throws<ArgumentException>("context", () => whole.Sample(5, randn(6, 1, 4, 4)));
        Assert.Throws<ArgumentException>("inner", () => new EmbeddedDistribution(new StandardNormal(2), embedding, 1, 4, 4));
        // An embedding of the wrong width is found out by what it feeds.
        Assert.Throws<ArgumentException>("context", () => new EmbeddedDistribution(inner, nn.Flatten(), 1, 4, 4).LogProb(randn(6, 2), randn(6, 1, 4, 4)));
    }

    [Fact]
    public void One_picture_serves_all_rows_and_is_named_where_another_number_is_refused()
    {
        var (whole, _, _) = Make();
        var (x, one) = (randn(6, 2), randn(1, 1, 4, 4).requires_grad_());
        var logP = whole.LogProb(x, one);
        Assert.InRange(Distance(logP, whole.LogProb(x, one.repeat(6, 1, 1, 1))), 0, 1e-5);   // products of one row and of six round differently in float32
        logP.sum().backward();
        Assert.Equal([1, 1, 4, 4], one.grad!.shape);
        Assert.Equal([6, 2], whole.Sample(6, one).shape);
        Assert.Contains("(6, 1, 4, 4), one for each example, or (1, 1, 4, 4)", Assert.Throws<ArgumentException>("context", () => whole.Sample(6, randn(5, 1, 4, 4))).Message);
    }

    [Fact]
    public void An_embedding_that_mixes_the_rows_is_refused()
    {
        var (_, inner, _) = Make();
        var mixing = new EmbeddedDistribution(inner, new MeanOfRows(), 3);
        Assert.Contains("(1, 3)", Assert.Throws<ArgumentException>("context", () => mixing.LogProb(randn(6, 2), randn(6, 3))).Message);
    }

    [Fact]
    public void Whole_numbers_that_the_embedding_does_not_read_are_refused_with_what_to_write()
    {
        var (whole, inner, _) = Make();
        var (x, k) = (randn(6, 2), ones([6, 1, 4, 4], int64));
        foreach (var context in new[] { k, k.gt(0), k.narrow(0, 0, 1) })
            Says("context.to(float32)", Assert.Throws<ArgumentException>("context", () => whole.LogProb(x, context)));
        whole.to(float64);
        Says("context.to(float64)", Assert.Throws<ArgumentException>("context", () => whole.Sample(6, k)));
        inner.to(float32);
        var words = new EmbeddedDistribution(inner, nn.Sequential(nn.Embedding(20, 1), nn.Flatten(), nn.Linear(16, 3)), 16);
        Assert.Equal([6], words.LogProb(x, k.flatten(1)).shape);

        static void Says(string remedy, ArgumentException error)
        {
            Assert.Contains(remedy, error.Message);
            Assert.DoesNotContain("module", error.Message);
        }
    }

    [Fact]
    public void A_dequantization_can_embed_the_image_it_reads()
    {
        manual_seed(1);
        var noise = new Flow(new Chain(
            new Logit(), new Reshape([1, 4, 4], [16]), Coupling.WithMlp(Masks.Half(16, second: true), new AffineMap(), [8], contextShape: 3)), new StandardNormal(16));
        var embedding = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 3));
        var layer = new VariationalDequantization(4, new EmbeddedDistribution(noise, embedding, 1, 4, 4));
        var x = randint(0, 4, [5, 1, 4, 4]).to(float32);
        var (z, contribution) = layer.Forward(x);
        Assert.Equal(0, Distance(layer.Inverse(z).X, x));
        contribution.sum().backward();
        Assert.True(contribution.isfinite().all().ToBoolean());
    }

    private static (EmbeddedDistribution Whole, Flow Inner, nn.Module<Tensor, Tensor> Embedding) Make()
    {
        manual_seed(1);
        var inner = RealNvp.Create(2, layers: 2, hidden: [8], contextShape: 3, activation: Activation.Tanh);
        using (no_grad())
            foreach (var parameter in inner.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        var embedding = nn.Sequential(nn.Flatten(), nn.Linear(16, 3));
        return (new EmbeddedDistribution(inner, embedding, 1, 4, 4), inner, embedding);
    }

    private sealed class MeanOfRows() : nn.Module<Tensor, Tensor>(nameof(MeanOfRows))
    {
        public override Tensor forward(Tensor c) => c.mean([0], keepdim: true);
    }
}
