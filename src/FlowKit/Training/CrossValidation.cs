using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Training;

/// <summary>Test log-likelihood by cross-validation: of every row, by a model that has not seen it.</summary>
/// <example><code>
/// manual_seed(0);
/// var x = randn(200, 3).matmul(randn(3, 3)) + 5;
/// Estimate gaussian = CrossValidation.LogLikelihood(x, folds: 10, seed: 0, MultivariateNormal.Fit);
/// Estimate mixture = CrossValidation.LogLikelihood(x, folds: 10, seed: 0, train => GaussianMixture.Fit(train, components: 5));
/// Console.WriteLine(gaussian.Mean > mixture.Mean);  // => True
/// Console.WriteLine(gaussian.Count);                // => 200
/// </code></example>
public static class CrossValidation
{
    /// <summary>The mean of log p over all rows, in nats, and its standard error; papers print two of those.</summary>
    /// <param name="x">(N, D), finite.</param>
    /// <param name="folds">K, 2 to N: the models that are fitted.</param>
    /// <param name="seed">Chooses the folds (see <see cref="Partition.Folds"/>).</param>
    /// <param name="fit">Makes a model of a fold's training rows.</param>
    /// <param name="standardize">Whether each fold's features are scaled to mean 0 and standard deviation 1 of its training rows first; the log-likelihood is then that of the scaled data.</param>
    /// <exception cref="ArgumentException">A feature is constant in the training rows of a fold, or a model's events are not rows.</exception>
    public static Estimate LogLikelihood(Tensor x, int folds, int seed, Func<Tensor, Distribution> fit, bool standardize = true)
    {
        ArgumentNullException.ThrowIfNull(fit);
        SecondMoments.Check(x);
        var scores = new List<Tensor>();
        using var scope = NewDisposeScope();
        foreach (var (train, test) in Partition.Folds(x.size(0), folds, seed))
        {
            using var fold = NewDisposeScope();
            var (seen, unseen) = (x.index_select(0, train.to(x.device)), x.index_select(0, test.to(x.device)));
            if (standardize)
            {
                SecondMoments.Check(seen, nameof(x));
                var scaler = Standardize.Fit(seen);
                (seen, unseen) = (scaler.Forward(seen).Z, scaler.Forward(unseen).Z);
            }
            var model = Guard.Made(fit(seen), nameof(fit));
            using var mode = new EvaluationMode(model);
            using var none = no_grad();
            scores.Add(fold.MoveToOuter(model.LogProb(unseen).to(float64)));
        }
        return Estimate.Of(cat([.. scores], dim: 0));
    }
}
