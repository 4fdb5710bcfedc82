using FlowKit.Distributions;

namespace FlowKit.Inference;

/// <summary>What a model of data given a class, as one-hot context, says about classes: log p(x | c) for each c, and by Bayes' rule p(c | x). A generative classifier.</summary>
/// <example><code>
/// // Two classes on the line, by one law whose mean is the context.
/// manual_seed(0);
/// var law = new Normal().Conditional(2, (inputs, outputs) => new Mlp(inputs, outputs, []), 1);
/// var label = randint(0, 2, [2000], dtype: int64);
/// var x = label.to(float32).unsqueeze(1) * 4 + randn(2000, 1);
/// Trainer.Fit(law, new Dataset(x, ClassPosterior.OneHot(label, 2)), options: new() { Steps = 300, LearningRate = 3e-2 });
/// var logProbs = ClassPosterior.LogProbs(law, x, classes: 2);                     // (2000, 2)
/// Console.WriteLine(ClassPosterior.Of(logProbs).argmax(1).eq(label).to(float32).mean().ToDouble() > 0.95);  // => True
/// </code></example>
public static class ClassPosterior
{
    private const long Rows = 1024;

    /// <summary>Classes as contexts, (N, classes), float32.</summary>
    /// <param name="labels">Whole numbers from 0 to classes - 1, (N).</param>
    /// <param name="classes">K >= 2.</param>
    /// <exception cref="ArgumentException">A label is not a class.</exception>
    public static Tensor OneHot(Tensor labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.dim() != 1 || labels.is_floating_point()) throw new ArgumentException($"Expected whole numbers of shape (N); got {Guard.Describe(labels)} of type {labels.dtype}.", nameof(labels));
        using var scope = NewDisposeScope();
        var whole = labels.to(int64);
        if (whole.numel() > 0 && (whole.min().ToInt64() < 0 || whole.max().ToInt64() >= classes))
            throw new ArgumentException($"Expected labels from 0 to {classes - 1}; they run from {whole.min().ToInt64()} to {whole.max().ToInt64()}.", nameof(labels));
        return scope.MoveToOuter(nn.functional.one_hot(whole, classes).to(float32));
    }

    /// <summary>log p(x | c) for each class, (N, classes), nats, without gradients. A model with noise of its own, as dequantization, meets the same noise for each class.</summary>
    /// <param name="model">A distribution whose context is a class as (classes).</param>
    /// <param name="x">(N, EventShape...).</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="seed">Of the noise; the caller's stream of random numbers on the CPU goes on as if nothing had been drawn.</param>
    /// <exception cref="ArgumentException">The model's context is not a class of so many.</exception>
    public static Tensor LogProbs(Distribution model, Tensor x, int classes, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        Guard.Batch(x, model.EventShape);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (model.ContextShape is not { Count: 1 } context || context[0] != classes)
            throw new ArgumentException($"{model.GetName()} has the context {model.ContextShape?.ToString() ?? "none"}; expected ({classes}), one class of {classes}.", nameof(model));
        using var mode = new EvaluationMode(model);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var contexts = eye(classes, dtype: float32, device: x.device);
        using var stream = new BorrowedStream();
        var parts = new List<Tensor>();
        for (long start = 0; start < x.size(0); start += Rows)
        {
            using var part = NewDisposeScope();
            var batch = x.narrow(0, start, Math.Min(Rows, x.size(0) - start));
            Tensor[] each = [.. Enumerable.Range(0, classes).Select(c =>
            {
                manual_seed(seed + start);
                return model.LogProb(batch, contexts.narrow(0, c, 1));
            })];
            parts.Add(part.MoveToOuter(stack(each, 1)));
        }
        return scope.MoveToOuter(cat(parts));
    }

    /// <summary>p(c | x) ∝ p(c) p(x | c), (N, classes).</summary>
    /// <param name="logProbs">log p(x | c), (N, classes).</param>
    /// <param name="prior">p(c), (classes); null for equal ones.</param>
    public static Tensor Of(Tensor logProbs, Tensor? prior = null)
    {
        ArgumentNullException.ThrowIfNull(logProbs);
        if (logProbs.dim() != 2) throw new ArgumentException($"Expected (N, classes); got {Guard.Describe(logProbs)}.", nameof(logProbs));
        if (prior is not null && (prior.dim() != 1 || prior.size(0) != logProbs.size(1)))
            throw new ArgumentException($"Expected a prior of shape ({logProbs.size(1)}); got {Guard.Describe(prior)}.", nameof(prior));
        return (prior is null ? logProbs : logProbs + prior.log()).softmax(1);
    }
}
