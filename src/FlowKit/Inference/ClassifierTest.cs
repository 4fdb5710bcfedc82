using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Training;

namespace FlowKit.Inference;

/// <summary>The classifier two-sample test: a small network learns to tell two samples apart; where it is right more often than a coin on draws that it has not seen, they do not come from one law.</summary>
/// <remarks>Lopez-Paz, Oquab 2017, arXiv:1610.06545. It sees what a fixed kernel misses in many dimensions, and costs a training.</remarks>
/// <example><code>
/// manual_seed(0);
/// var moons = new TwoMoons();
/// TwoSampleTest same = ClassifierTest.Of(moons.Sample(1000), moons.Sample(1000)), other = ClassifierTest.Of(moons.Sample(1000), MultivariateNormal.Fit(moons.Sample(5000)).Sample(1000));
/// Console.WriteLine($"{same.Statistic:F1} {same.PValue > 0.01}");              // => 0.5 True
/// Console.WriteLine($"{other.Statistic > 0.6} {other.PValue &lt; 1e-6}");     // => True True
/// </code></example>
public static class ClassifierTest
{
    /// <summary>How the classifier is trained where nothing is said: 500 steps of at most 256 draws, the weights kept that did best on draws that it did not learn from.</summary>
    public static FitOptions Options { get; } = new() { Name = "two-sample classifier", Steps = 500, LearningRate = 5e-3, EvaluateEvery = 50, Threads = 1 };

    /// <summary>Whether two samples come from one law. The statistic is the accuracy on unseen draws, 1/2 if they do; the p-value that of as many fair coins.</summary>
    /// <remarks>Two fifths of the draws are learned from, one tenth decides which weights are kept, half is judged. Of the larger sample, as many draws as the smaller has are chosen. Features are scaled by the draws that are learned from.</remarks>
    /// <param name="x">(n, ...), finite, n >= 10, independent draws.</param>
    /// <param name="y">(m, ...), finite, m >= 10, independent draws of the same events.</param>
    /// <param name="hidden">Widths of the perceptron's hidden layers; null for [32, 32].</param>
    /// <param name="options">How it is trained; null for <see cref="Options"/>.</param>
    /// <param name="seed">Of the split, the weights and the batches; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">A sample has fewer than 10 draws or one that is not finite, or the two do not fit each other.</exception>
    public static TwoSampleTest Of(Tensor x, Tensor y, IReadOnlyList<long>? hidden = null, FitOptions? options = null, int seed = 0)
    {
        Guard.Number(x);
        Guard.Number(y);
        if (x.Dimensions < 2 || x.size(0) < 10 || x.numel() == 0) throw new ArgumentException($"x has shape {Guard.Describe(x)}; expected (n, ...) with n >= 10 draws of at least one number.", nameof(x));
        if (y.Dimensions < 2 || y.size(0) < 10 || !y.shape[1..].SequenceEqual(x.shape[1..]))
            throw new ArgumentException($"y has shape {Guard.Describe(y)}; expected {Guard.Describe(["m", .. x.shape[1..].Select(size => $"{size}")])} with m >= 10 draws, as x has shape {Guard.Describe(x)}.", nameof(y));
        Guard.Finite(x);
        Guard.Finite(y);

        using var scope = NewDisposeScope();
        using var stream = new BorrowedStream(seed);
        var random = new Random(seed);
        int n = (int)Math.Min(x.size(0), y.size(0)), judged = n / 2, kept = n / 10;
        var (a, b) = (Chosen(x), Chosen(y));
        Tensor Part(int start, int count) => cat([a.narrow(0, start, count), b.narrow(0, start, count)], dim: 0);
        Dataset Labeled(Tensor features) => new(cat([ones(features.size(0) / 2, 1, dtype: float32, device: CPU), zeros(features.size(0) / 2, 1, dtype: float32, device: CPU)], dim: 0), features);

        var learned = Part(judged + kept, n - judged - kept);
        var (mean, covariance) = SecondMoments.Of(learned);
        var deviation = covariance.diagonal(0, 0, 1).sqrt();
        deviation = deviation.masked_fill(deviation.eq(0), 1);
        Dataset Scaled(Tensor features) => Labeled(((features - mean) / deviation).to(float32));

        using var classifier = new Bernoulli().Conditional(learned.size(1), (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [32, 32]), 1);
        classifier.to(float32);
        Trainer.Fit(classifier, Scaled(learned), Scaled(Part(judged, kept)), options ?? Options);

        using var none = no_grad();
        var test = Scaled(Part(0, judged));
        var isFirst = classifier.LogProb(ones_like(test.X), test.Context).gt(Math.Log(0.5));
        long right = isFirst.eq(test.X.squeeze(1).gt(0.5)).sum().ToInt64();
        return new((double)right / test.Count, BinomialBand.AtLeast(right, test.Count, 0.5));

        Tensor Chosen(Tensor all)
        {
            long[] rows = [.. Enumerable.Range(0, (int)all.size(0)).Select(row => (long)row)];
            random.Shuffle(rows);
            return all.detach().cpu().flatten(1).to(float64).index_select(0, tensor(rows[..n], dtype: int64, device: CPU));
        }
    }
}
