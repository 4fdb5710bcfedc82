using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Training;

namespace FlowKit.Tests;

public class RecurrentCategoricalTests
{
    private static Tensor AllTexts(int symbols, int length) =>
        stack([.. Enumerable.Range(0, length).Select(t => arange((long)Math.Pow(symbols, length)).div((long)Math.Pow(symbols, length - 1 - t), RoundingMode.floor).remainder(symbols))], dim: 1).to(float32);

    [Fact]
    public void Probabilities_of_all_texts_sum_to_one_with_and_without_a_context()
    {
        manual_seed(0);
        var all = AllTexts(3, 4);
        using var none = no_grad();
        Assert.Equal(1, new RecurrentCategorical(3, 4, hidden: 8).LogProb(all).exp().sum().ToDouble(), tolerance: 1e-5);
        var conditional = new RecurrentCategorical(3, 4, hidden: 8, contextSize: 2, wordDropout: 0.5);
        conditional.eval();
        var (c, d) = (randn(1, 2), randn(1, 2));
        Assert.Equal(1, conditional.LogProb(all, c).exp().sum().ToDouble(), tolerance: 1e-5);
        Assert.False(conditional.LogProb(all, c).allclose(conditional.LogProb(all, d), atol: 1e-3));
        Assert.Equal(1, new TopicChains(2, 3, 4).LogProb(all).exp().sum().ToDouble(), tolerance: 1e-5);
    }

    [Fact]
    public void Draws_have_the_stated_probabilities()
    {
        manual_seed(1);
        var all = AllTexts(2, 3);
        using var none = no_grad();
        foreach (Distribution law in new Distribution[] { new RecurrentCategorical(2, 3, hidden: 8), new TopicChains(2, 2, 3, certainty: 0.5) })
        {
            var p = law.LogProb(all).exp();
            const int Count = 40_000;
            var draws = law.Sample(Count);
            var share = stack([.. Enumerable.Range(0, 8).Select(row => draws.eq(all[row]).all(1).to(float32).mean())]);
            Assert.True(((share - p).abs() - 4 * (p * (1 - p) / Count).sqrt()).max().ToDouble() < 0, $"{law.GetName()}: {p.npstr()} {share.npstr()}");
        }
    }

    [Fact]
    public void The_topics_posterior_is_bayes_rule_over_single_topics()
    {
        manual_seed(2);
        var texts = new TopicChains(3, 5, 6, certainty: 0.7);
        texts.to(float64);
        var x = texts.Sample(20);
        var posterior = texts.Posterior(x);
        for (int row = 0; row < 20; row++)
        {
            double[] symbols = x[row].data<double>().ToArray(), joint = new double[3];
            for (int k = 0; k < 3; k++)
            {
                joint[k] = 1.0 / 3 / 5;
                for (int t = 1; t < 6; t++) joint[k] *= 0.3 / 5 + (symbols[t] == (symbols[t - 1] + k + 1) % 5 ? 0.7 : 0);
            }
            Assert.Equal(Math.Log(joint.Sum()), texts.LogProb(x)[row].ToDouble(), tolerance: 1e-10);
            for (int k = 0; k < 3; k++) Assert.Equal(joint[k] / joint.Sum(), posterior[row, k].ToDouble(), tolerance: 1e-10);
        }
    }

    [Fact]
    public void Hidden_symbols_make_a_training_log_probability_random_and_leave_evaluation_alone()
    {
        manual_seed(3);
        var model = new RecurrentCategorical(4, 6, hidden: 8, wordDropout: 0.5);
        var x = new TopicChains(1, 4, 6).Sample(5);
        using var none = no_grad();
        Assert.False(model.LogProb(x).allclose(model.LogProb(x)));
        model.eval();
        Assert.True(model.LogProb(x).allclose(model.LogProb(x)));
        model.train();
        var blind = new RecurrentCategorical(4, 6, hidden: 8, wordDropout: 1);        // reads nothing: all symbols count by their place alone
        Assert.True(blind.LogProb(x).allclose(blind.LogProb(x)));
    }

    [Fact]
    public void A_text_autoencoder_learns_below_its_exact_bound()
    {
        manual_seed(4);
        var texts = new TopicChains(2, 3, 5, certainty: 0.8);
        var (x, test) = (texts.Sample(2000), texts.Sample(1000));
        var vae = new Vae(new StandardNormal(2), new Normal().Conditional(12, (inputs, outputs) => new Mlp(inputs, outputs, []), 2),
            new RecurrentCategorical(3, 5, hidden: 12, contextSize: 2), new RecurrentEncoder(3, 12));
        Estimate Short()
        {
            using var none = no_grad();
            vae.eval();
            var gap = Estimate.Of([.. (texts.LogProb(test) - vae.ImportanceWeighted(test, 50)).to(float64).data<double>()]);
            vae.train();
            return gap;
        }
        var before = Short();
        Trainer.Fit(vae, x, options: new() { Steps = 300, LearningRate = 1e-2, BatchSize = 128, Threads = 1 });
        var after = Short();
        Assert.True(after.Mean > -4 * after.StandardError);                            // no bound is above the truth
        Assert.True(after.Mean < 0.15 && before.Mean > 0.5, $"{before} -> {after}");
    }

    [Fact]
    public void What_is_no_text_is_impossible_and_what_does_not_fit_is_refused()
    {
        var (model, texts) = (new RecurrentCategorical(3, 2, hidden: 4), new TopicChains(2, 3, 2));
        var odd = tensor(new[,] { { 0, 3f }, { -1, 0 }, { 0.5f, 1 }, { 0, float.NaN }, { 0, float.PositiveInfinity } });
        foreach (Distribution law in new Distribution[] { model, texts })
        {
            float[] logP = law.LogProb(odd).data<float>().ToArray();
            Assert.All([logP[0], logP[1], logP[2], logP[4]], value => Assert.Equal(float.NegativeInfinity, value));
            Assert.True(float.IsNaN(logP[3]));
        }
        Assert.Throws<ArgumentException>("x", () => texts.Posterior(odd));
        Assert.Throws<ArgumentOutOfRangeException>("certainty", () => new TopicChains(certainty: 1));
        Assert.Throws<ArgumentOutOfRangeException>("topics", () => new TopicChains(topics: 9, symbols: 8));
        Assert.Throws<ArgumentOutOfRangeException>("wordDropout", () => new RecurrentCategorical(3, 2, 4, wordDropout: 2));
        Assert.Throws<ArgumentException>("input", () => new RecurrentEncoder(3, 4).forward(zeros(3)));
    }
}
