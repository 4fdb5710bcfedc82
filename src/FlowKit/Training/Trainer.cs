using FlowKit.Distributions;

namespace FlowKit.Training;

/// <summary>Trains by gradient descent, and owns the whole loop: scopes, garbage collection, clipping, shuffling, evaluation and progress.</summary>
/// <remarks>A training always leaves its module in evaluation mode.</remarks>
/// <example><code>
/// manual_seed(0);
/// var moons = new TwoMoons();
/// var flow = SplineFlow.Create(features: 2, layers: 2);
/// var history = Trainer.Fit(flow, moons.Sample(1000), validation: moons.Sample(200), new() { Steps = 60, LearningRate = 1e-2 });
/// var test = Trainer.NegativeLogLikelihood(flow, moons.Sample(2000));
/// Console.WriteLine(test.Mean &lt; 2);  // => True
/// Figures.Loss(history)
/// </code></example>
public static class Trainer
{
    /// <summary>The history of the training that ended last in this process, whether it finished, failed or was stopped; null before the first one. It is what remains when a training's result could not be assigned.</summary>
    public static History? LastHistory { get; internal set; }

    /// <summary>Maximum likelihood: minimizes -E[log p(x | c)] over a data set, shuffled anew each epoch. Forward KL.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="train">Examples to learn from.</param>
    /// <param name="validation">Examples to stop by: the weights with the lowest loss on them are the ones kept. Null: the last weights are.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">A set is empty, holds NaN, does not have the model's shape, or lies off the sphere that the model lives on.</exception>
    /// <exception cref="TrainingException">The loss or its gradient became NaN or infinite; the weights are those of the last good step.</exception>
    /// <exception cref="CheckpointException">The checkpoint cannot be written or read, or belongs to another training.</exception>
    /// <exception cref="TrainingStoppedException">The training was stopped; it has the history up to there.</exception>
    public static History Fit(Distribution model, Dataset train, Dataset? validation = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        return Fit(model, train, (batch, _) => -model.LogProb(batch.X, batch.Context).mean(), validation, options);
    }

    /// <summary>Minimizes any loss over the batches of a data set, such as a bound whose terms are weighted by an <see cref="Annealing"/>.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="train">Examples to learn from.</param>
    /// <param name="loss">One batch's loss, a scalar, given the batch and the share of the steps that is done, in [0, 1). It is called inside a dispose scope.</param>
    /// <param name="validation">Examples to stop by: the weights with the lowest mean of -log p(x | c) on them are the ones kept. Null: the last weights are.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <inheritdoc cref="Fit(Distribution, Dataset, Dataset?, FitOptions?)" path="/exception"/>
    public static History Fit(Distribution model, Dataset train, Func<Dataset, double, Tensor> loss, Dataset? validation = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new();
        Check(model, train, nameof(train));
        if (validation is not null) Check(model, validation, nameof(validation));

        options.Check();
        SphereNotice.Give(model, train, validation, options.Name);
        ColumnNotice.Give(model, train, options.Name);
        ScaleNotice.Give(model, train, options.Name);
        AngleNotice.Give(model, train, options.Name);
        MaskNotice.Give(model, options.Name);
        return FitBatches(model, train, loss, options, validation is null ? null : () => NegativeLogLikelihood(model, validation).Mean);
    }

    /// <summary>Minimizes any loss of any module over the batches of a data set, as that of a model trained together with a classifier of its latents.</summary>
    /// <param name="model">The module whose parameters are trained.</param>
    /// <param name="train">Examples to learn from.</param>
    /// <param name="loss">One batch's loss, a scalar, given the batch and the share of the steps that is done, in [0, 1). It is called inside a dispose scope.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="validate">The loss to keep the best weights by, called without gradients with the module in evaluation mode; null: the last are kept.</param>
    /// <exception cref="ArgumentException">The set is empty or holds NaN, the module has no trainable parameter, or the loss is not a scalar.</exception>
    /// <exception cref="TrainingException">The loss or its gradient became NaN or infinite; the weights are those of the last good step.</exception>
    /// <exception cref="CheckpointException">The checkpoint cannot be written or read, or belongs to another training.</exception>
    /// <exception cref="TrainingStoppedException">The training was stopped; it has the history up to there.</exception>
    public static History Fit(nn.Module model, Dataset train, Func<Dataset, double, Tensor> loss, FitOptions? options = null, Func<double>? validate = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new();
        if (model is Distribution distribution) Check(distribution, train, nameof(train));
        else train.Check(nameof(train));
        options.Check();
        return FitBatches(model, train, loss, options, validate);
    }

    /// <summary>Maximum likelihood on an endless source: each step draws a fresh batch from it.</summary>
    /// <param name="model">The model to train.</param>
    /// <param name="source">The source of the examples, such as a density of known entropy; it must be unconditional.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The two do not have the same event shape, or one is conditional.</exception>
    /// <exception cref="TrainingException">The loss or its gradient became NaN or infinite; the weights are those of the last good step.</exception>
    /// <exception cref="CheckpointException">The checkpoint cannot be written or read, or belongs to another training.</exception>
    /// <exception cref="TrainingStoppedException">The training was stopped; it has the history up to there.</exception>
    public static History Fit(Distribution model, Distribution source, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new();
        using (NewDisposeScope())
        {
            var draw = source.Sample(1);
            Check(model, draw, nameof(source));
            if (model.IsOnSphere) SpherePoints.Check(draw, nameof(source));
        }
        MaskNotice.Give(model, options.Name);
        return Run(model, new(_ => -model.LogProb(source.Sample(options.BatchSize)).mean()), options, validate: null);
    }

    /// <summary>Minimizes any loss of any module.</summary>
    /// <param name="model">The module whose parameters are trained.</param>
    /// <param name="loss">One step's loss, a scalar that depends on them. It is called inside a dispose scope.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="validate">The loss to keep the best weights by, called without gradients with the module in evaluation mode; null: the last are kept.</param>
    /// <exception cref="ArgumentException">The module has no trainable parameter, or the loss is not a scalar.</exception>
    /// <exception cref="TrainingException">The loss or its gradient became NaN or infinite; the weights are those of the last good step.</exception>
    /// <exception cref="CheckpointException">The checkpoint cannot be written or read, or belongs to another training.</exception>
    /// <exception cref="TrainingStoppedException">The training was stopped; it has the history up to there.</exception>
    public static History Fit(nn.Module model, Func<Tensor> loss, FitOptions? options = null, Func<double>? validate = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Fit(model, _ => loss(), options, validate);
    }

    /// <summary>Minimizes any loss of any module that changes with the training's progress, as by an <see cref="Annealing"/>.</summary>
    /// <param name="model">The module whose parameters are trained.</param>
    /// <param name="loss">One step's loss, a scalar, given the share of the steps that is done, in [0, 1); a resumed training goes on with the share it had. It is called inside a dispose scope.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="validate">The loss to keep the best weights by, called without gradients with the module in evaluation mode; null: the last are kept.</param>
    /// <inheritdoc cref="Fit(nn.Module, Func{Tensor}, FitOptions?, Func{double}?)" path="/exception"/>
    public static History Fit(nn.Module model, Func<double, Tensor> loss, FitOptions? options = null, Func<double>? validate = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        return Run(model, new(loss), options ?? new(), validate);
    }

    /// <summary>Mean of -log p(x | c) over a data set, in nats per example, without gradients and in evaluation mode.</summary>
    /// <param name="model">The model whose density is evaluated.</param>
    /// <param name="data">The examples at which it is evaluated.</param>
    /// <param name="draws">For a bound (dequantization): how many draws of its noise are averaged for each example, >= 1. Log-probs are averaged, not densities.</param>
    /// <exception cref="ArgumentException">The set is empty, holds NaN, or does not have the model's shape.</exception>
    public static Estimate NegativeLogLikelihood(Distribution model, Dataset data, int draws = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        Check(model, data, nameof(data));

        using var mode = new EvaluationMode(model);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var sum = model.LogProb(data.X, data.Context);
        for (int draw = 1; draw < draws; draw++) sum = sum + model.LogProb(data.X, data.Context);
        return Estimate.Of(sum / -draws);
    }

    private static History FitBatches(nn.Module model, Dataset train, Func<Dataset, double, Tensor> loss, FitOptions options, Func<double>? validate)
    {
        using var batches = new Shuffle(train.Count, options.BatchSize, train.X.device);
        return Run(model, new(progress => loss(train.Rows(batches.Next()), progress), train, batches), options, validate);
    }

    private static History Run(nn.Module model, Objective objective, FitOptions options, Func<double>? validate)
    {
        options.Check();
        if (options.Penalty is { } penalty)
        {
            var loss = objective.Loss;
            objective = objective with { Loss = progress => loss(progress) + penalty() };
        }
        using var run = new TrainingRun(model, objective, options, validate);
        return run.Go();
    }

    internal static void Check(Distribution model, Dataset data, string name)
    {
        data.Check(name);
        Guard.Batch(data.X, model.EventShape, name);
        Guard.Context(data.Context, model.ContextShape, data.Count, model.GetName());
    }
}
