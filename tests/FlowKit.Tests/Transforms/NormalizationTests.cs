using FlowKit.Distributions;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class NormalizationTests
{
    [Fact]
    public void The_first_training_batch_of_ActNorm_leaves_with_mean_0_and_sd_1()
    {
        manual_seed(1);
        var vectors = new ActNorm(3).Forward(randn(200, 3) * tensor(new[] { 1f, 5f, 0.01f }) + 7).Z;
        Assert.InRange(vectors.mean([0]).abs().max().ToDouble(), 0, 1e-3);
        Assert.InRange((vectors.std(0, unbiased: false) - 1).abs().max().ToDouble(), 0, 1e-3);

        var images = new ActNorm(2).Forward(randn(20, 2, 4, 4) * 3 - 1).Z.transpose(0, 1).flatten(1);
        Assert.InRange(images.mean([1]).abs().max().ToDouble(), 0, 1e-5);
        Assert.InRange((images.std(1, unbiased: false) - 1).abs().max().ToDouble(), 0, 1e-5);
    }

    [Fact]
    public void ActNorm_of_elements_sets_each_of_them_by_itself()
    {
        manual_seed(1);
        var layer = ActNorm.PerElement(2, 3, 2);
        var x = randn(50, 2, 3, 2) * (rand(2, 3, 2) + 0.1) + randn(2, 3, 2);
        var (z, logDet) = layer.Forward(x);
        Assert.InRange(z.mean([0]).abs().max().ToDouble(), 0, 1e-5);
        Assert.InRange((z.std(0, unbiased: false) - 1).abs().max().ToDouble(), 0, 1e-5);
        Assert.InRange(Distance(logDet, x.std(0, unbiased: false).log().sum().neg() + zeros(50)), 0, 1e-4);
        Assert.Equal(24, layer.ParameterCount);
        Assert.Contains("(B, 2, 3, 2)", Assert.Throws<ArgumentException>("x", () => layer.Forward(randn(4, 2, 3, 3))).Message);

        var alone = ActNorm.PerElement(2, 3, 2);
        Assert.Equal(0, alone.Forward(x.narrow(0, 0, 1)).Z.abs().max().ToDouble());   // nothing varies in a batch of one
        Assert.Equal(0, alone.state_dict()["logScale"].abs().max().ToDouble());
    }

    [Fact]
    public void ActNorm_is_set_once_and_only_in_training()
    {
        manual_seed(1);
        var layer = new ActNorm(2);
        var x = randn(20, 2) * 4;
        layer.eval();
        Assert.Equal(0, Distance(layer.Forward(x).Z, x));
        Assert.False(layer.IsInitialized);

        layer.train();
        var first = layer.Forward(x).Z;
        Assert.True(layer.IsInitialized);
        layer.Forward(randn(20, 2) * 100 + 50);
        Assert.Equal(0, Distance(layer.Forward(x.narrow(0, 0, 5)).Z, first.narrow(0, 0, 5)));   // a batch of its own mean and sd
    }

    [Fact]
    public void ActNorm_is_not_set_again_after_loading()
    {
        manual_seed(1);
        var (layer, x) = (new ActNorm(2), randn(20, 2) * 4);
        var expected = layer.Forward(x).Z;
        using var stream = new MemoryStream();
        layer.save(stream);

        var copy = new ActNorm(2);
        copy.load(new MemoryStream(stream.ToArray()));
        copy.train();
        copy.Forward(randn(20, 2) * 100 + 50);
        Assert.Equal(0, Distance(copy.Forward(x.narrow(0, 0, 5)).Z, expected.narrow(0, 0, 5)));
    }

    [Fact]
    public void ActNorm_passes_over_batches_it_cannot_learn_from()
    {
        var layer = new ActNorm(2);
        layer.Forward(zeros(0, 2));
        layer.Forward(full([4, 2], float.NaN));
        Assert.False(layer.IsInitialized);

        var z = layer.Forward(cat([full([5, 1], 3f), arange(5, dtype: float32).unsqueeze(1)], dim: 1)).Z;   // a constant and a varying feature
        Assert.True(layer.IsInitialized);
        Assert.Equal(0, z.select(1, 0).abs().max().ToDouble());
        Assert.Equal(1, z.select(1, 1).std(unbiased: false).ToDouble(), 1e-5);
    }

    [Fact]
    public void Batch_normalization_in_training_standardizes_the_batch_and_its_gradient_knows()
    {
        manual_seed(1);
        var layer = new BatchNormTransform(2);
        var x = (randn(50, 2, 3, 3, float64) * 3 + 1).requires_grad_();
        layer.to(float64);
        var (z, logDet) = layer.Forward(x);
        var columns = z.transpose(0, 1).flatten(1);
        Assert.InRange(columns.mean([1]).abs().max().ToDouble(), 0, 1e-12);
        Assert.InRange((columns.std(1, unbiased: false) - 1).abs().max().ToDouble(), 0, 1e-5);
        var variance = x.transpose(0, 1).flatten(1).var(1, unbiased: false);
        Assert.InRange(Distance(logDet, (variance + 1e-5).log().sum() * -4.5 + zeros(50, float64)), 0, 1e-9);

        // Moving the whole batch moves no z: gradients through the statistics cancel those past them.
        (z * randn_like(z)).sum().backward();
        Assert.InRange(x.grad!.sum([0, 2, 3]).abs().max().ToDouble(), 0, 1e-10);
    }

    [Fact]
    public void Batch_normalization_is_frozen_at_evaluation()
    {
        manual_seed(1);
        var layer = new BatchNormTransform(2, momentum: 1);
        var batch = randn(100, 2) * 3 + 5;
        var trained = layer.Forward(batch).Z;
        layer.eval();
        Assert.InRange(Distance(layer.Forward(batch).Z, trained), 0, 1e-5);   // momentum 1: the averages are the last batch's
        var point = ones(1, 2);
        var alone = layer.Forward(point).Z;
        layer.Forward(randn(100, 2) * 50);
        Assert.Equal(0, Distance(layer.Forward(point).Z, alone));
        Assert.InRange(Distance(layer.Forward(cat([point, randn(9, 2) * 50])).Z.narrow(0, 0, 1), alone), 0, 1e-6);
    }

    [Fact]
    public void With_moving_averages_training_normalizes_by_what_the_averages_become_and_evaluation_by_the_same()
    {
        manual_seed(1);
        var layer = new BatchNormTransform(2, momentum: 0.25, movingAverages: true);
        layer.to(float64);
        var (mean, variance) = (zeros(2, float64), ones(2, float64));
        for (int step = 0; step < 3; step++)
        {
            var x = randn(6, 2, 3, 3, float64) * 3 + 1;
            var columns = x.transpose(0, 1).flatten(1);
            mean = mean * 0.75 + columns.mean([1]) * 0.25;
            variance = variance * 0.75 + columns.var(1, unbiased: false) * 0.25;
            var (z, logDet) = layer.Forward(x);
            Assert.InRange(Distance(z, (x - mean.reshape(2, 1, 1)) / (variance + 1e-5).sqrt().reshape(2, 1, 1)), 0, 1e-12);
            Assert.InRange(Distance(logDet, (variance + 1e-5).log().sum() * -4.5 + zeros(6, float64)), 0, 1e-12);
            Assert.InRange(Distance(layer.Inverse(z).X, x), 0, 1e-12);

            layer.eval();
            Assert.InRange(Distance(layer.Forward(x).Z, z), 0, 1e-12);
            layer.train();
        }
    }

    [Fact]
    public void With_moving_averages_gradients_flow_through_the_batch_and_not_through_the_past()
    {
        manual_seed(1);
        var layer = new BatchNormTransform(2, momentum: 0.25, movingAverages: true);
        layer.to(float64);
        layer.Forward(randn(20, 2, float64) * 2 - 1);                             // a past
        var (pastMean, pastVariance) = (layer.state_dict()["runningMean"].clone(), layer.state_dict()["runningVariance"].clone());

        var x = (randn(5, 2, float64) * 3 + 1).requires_grad_();
        var weights = randn(5, 2, float64);
        var (z, logDet) = layer.Forward(x);
        var gradient = autograd.grad([(z * weights).sum() + logDet.sum()], [x])[0];

        var mean = pastMean * 0.75 + x.mean([0]) * 0.25;
        var variance = pastVariance * 0.75 + (x - x.mean([0])).square().mean([0]) * 0.25 + 1e-5;
        var expected = autograd.grad([((x - mean) / variance.sqrt() * weights).sum() - variance.log().sum() * 2.5], [x])[0];
        Assert.InRange(Distance(gradient, expected), 0, 1e-12);
        Assert.False(layer.state_dict()["runningMean"].requires_grad);
    }

    [Fact]
    public void A_batch_that_is_not_finite_leaves_the_running_averages_of_its_features_alone()
    {
        manual_seed(1);
        var layer = new BatchNormTransform(2);
        var batch = randn(100, 2) + 1;
        batch[3, 0] = float.NaN;
        layer.Forward(batch);
        var state = layer.state_dict();
        Assert.Equal(0, state["runningMean"][0].ToDouble());
        Assert.Equal(1, state["runningVariance"][0].ToDouble());
        Assert.InRange(state["runningMean"][1].ToDouble(), 0.05, 0.15);
    }

    [Fact]
    public void Batch_normalization_inverts_with_its_running_averages_in_training_too()
    {
        manual_seed(1);
        var layer = new BatchNormTransform(2);
        for (int i = 0; i < 200; i++) layer.Forward(randn(100, 2) * 3 + 5);
        var drawn = layer.Inverse(randn(5000, 2)).X;
        Assert.Equal(5, drawn.mean().ToDouble(), 0.15);
        Assert.Equal(3, drawn.std().ToDouble(), 0.15);
        Assert.Contains("two values", Assert.Throws<ArgumentException>("x", () => layer.Forward(randn(1, 2))).Message);
    }

    [Fact]
    public void Standardized_data_have_mean_0_and_sd_1_and_log_likelihoods_keep_their_unit()
    {
        manual_seed(1);
        var data = randn(500, 2, float64) * tensor(new[] { 3.0, 0.1 }) + tensor(new[] { 5.0, -2.0 });
        var layer = Standardize.Fit(data);
        var z = layer.Forward(data).Z;
        Assert.InRange(z.mean([0]).abs().max().ToDouble(), 0, 1e-12);
        Assert.InRange((z.std(0, unbiased: false) - 1).abs().max().ToDouble(), 0, 1e-12);

        // A normal through it is the normal of that mean and covariance.
        var (mean, sd) = (data.mean([0]), data.std(0, unbiased: false));
        var exact = (((data - mean) / sd).square() * -0.5 - sd.log() - Math.Log(2 * Math.PI) / 2).sum(1);
        Assert.InRange(Distance(new Flow(layer, new StandardNormal(2)).LogProb(data), exact), 0, 1e-12);
    }

    [Fact]
    public void Constant_features_are_refused_by_index()
    {
        var data = randn(10, 4);
        data.select(1, 1).fill_(7);
        data.select(1, 3).fill_(0.1f);
        Assert.Contains("constant in features 1, 3", Assert.Throws<ArgumentException>("data", () => Standardize.Fit(data)).Message);
        data[0, 2] = float.NaN;
        Assert.Contains("not finite in features 2", Assert.Throws<ArgumentException>("data", () => Standardize.Fit(data)).Message);
        Assert.Throws<ArgumentException>("data", () => Standardize.Fit(randn(1, 4)));
        Assert.Throws<ArgumentException>("scale", () => new Standardize(zeros(2), tensor(new[] { 1f, 0f })));
        Assert.Throws<ArgumentException>("scale", () => new Standardize(zeros(2), ones(3)));
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new ActNorm(0));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new BatchNormTransform(2, momentum: 0));
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new BatchNormTransform(2, epsilon: 0));
        Assert.Contains("(B, 2, ...)", Assert.Throws<ArgumentException>("x", () => new ActNorm(2).Forward(randn(4, 3))).Message);
    }
}
