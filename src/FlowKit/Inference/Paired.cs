using FlowKit.Distributions;
using FlowKit.Training;

namespace FlowKit.Inference;

/// <summary>Two models compared example by example, on the same data and, where they draw, with the same random numbers: the difference has a far smaller standard error than either mean.</summary>
/// <example><code>
/// manual_seed(0);
/// var x = new TwoMoons().Sample(500);
/// var (one, other) = (RealNvp.Create(features: 2, layers: 4), MultivariateNormal.Learned(2));
/// foreach (var model in (Distribution[])[one, other]) Trainer.Fit(model, x, options: new() { Steps = 150, LearningRate = 1e-2 });
/// Estimate gain = Paired.LogProb(one, other, x);
/// Console.WriteLine(gain.Mean > 4 * gain.StandardError);  // => True
/// </code></example>
public static class Paired
{
    private const long Rows = 1024;

    /// <summary>The mean of log p(x | c) - log p'(x | c) over a data set, nats an example: > 0 where <paramref name="model"/> is better. For bounds, of the bounds.</summary>
    /// <param name="model">p.</param>
    /// <param name="other">p'.</param>
    /// <param name="data">Examples that both take.</param>
    /// <param name="draws">For a bound: how many draws of its noise are averaged for each example, >= 1.</param>
    /// <param name="seed">Of the noise; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">The set is empty, or a model does not take it.</exception>
    public static Estimate LogProb(Distribution model, Distribution other, Dataset data, int draws = 1, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        using var first = new EvaluationMode(model);
        using var second = new EvaluationMode(other);
        return Difference(Mean(model), Mean(other), data, seed);

        Func<Dataset, Tensor> Mean(Distribution p) => batch =>
        {
            var sum = p.LogProb(batch.X, batch.Context);
            for (int draw = 1; draw < draws; draw++) sum = sum + p.LogProb(batch.X, batch.Context);
            return sum / draws;
        };
    }

    /// <summary>The mean of importance-weighted bounds' difference over a data set, nats an example: > 0 where <paramref name="model"/> is better.</summary>
    /// <param name="model">One autoencoder.</param>
    /// <param name="other">The other one.</param>
    /// <param name="x">Examples, (N, ...).</param>
    /// <param name="draws">S of each bound, >= 1.</param>
    /// <param name="seed">Of the noise; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    public static Estimate ImportanceWeighted(Vae model, Vae other, Tensor x, int draws, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(x);
        using var first = new EvaluationMode(model);
        using var second = new EvaluationMode(other);
        return Difference(batch => model.ImportanceWeighted(batch.X, draws), batch => other.ImportanceWeighted(batch.X, draws), x, seed);
    }

    /// <summary>The mean of one number an example minus another, both computed without gradients and from the same seed.</summary>
    /// <param name="one">A batch to (B), as a log-prob.</param>
    /// <param name="other">A batch to (B).</param>
    /// <param name="data">The examples; each batch holds some.</param>
    /// <param name="seed">Of what the two draw; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">The set is empty, or a function does not give one number an example.</exception>
    public static Estimate Difference(Func<Dataset, Tensor> one, Func<Dataset, Tensor> other, Dataset data, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(data);
        data.Check(nameof(data));
        using var none = no_grad();
        using var scope = NewDisposeScope();
        using var stream = new BorrowedStream();
        var parts = new List<Tensor>();
        for (long start = 0; start < data.Count; start += Rows)
        {
            using var part = NewDisposeScope();
            var batch = data.Rows(start, Math.Min(Rows, data.Count - start));
            parts.Add(part.MoveToOuter(Of(one, nameof(one)) - Of(other, nameof(other))));

            Tensor Of(Func<Dataset, Tensor> f, string name)
            {
                manual_seed(seed + start);
                var values = Guard.Made(f(batch), name);
                return values.Dimensions == 1 && values.size(0) == batch.Count
                    ? values.to(float64)
                    : throw new ArgumentException($"{name} gave shape {Guard.Describe(values)} for {batch.Count} examples; expected ({batch.Count},).", name);
            }
        }
        return Estimate.Of(cat(parts));
    }
}
