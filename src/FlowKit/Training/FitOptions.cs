namespace FlowKit.Training;

/// <summary>How a model is trained. The defaults fit a small flow on a few thousand points.</summary>
/// <example><code>
/// manual_seed(0);
/// var options = new FitOptions { Steps = 60, BatchSize = 128, LearningRate = 2e-3, Schedule = Schedule.Cosine.AfterWarmUp(0.1), EvaluateEvery = 20, Patience = 5 };
/// var x = new TwoMoons().Sample(600);
/// var history = Trainer.Fit(RealNvp.Create(features: 2, layers: 2), x[..500], validation: x[500..], options);
/// Console.WriteLine(string.Join(", ", history.Validation.Select(point => point.Step)));  // => 20, 40, 60
/// </code></example>
public sealed record FitOptions
{
    /// <summary>What the progress display calls this training.</summary>
    public string Name { get; init; } = "training";

    /// <summary>Optimizer steps, >= 0. With 0 nothing is trained: the model is evaluated once, if there is a validation set, and keeps its weights.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Examples per step, >= 1; a smaller data set is used whole.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Batches per step, >= 1: the step follows the mean of their gradients, which replaces one batch too large for the memory.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>How gradients move parameters.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam();

    /// <summary>The optimizer's base learning rate, > 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the rate changes over the training.</summary>
    public Schedule Schedule { get; init; } = Schedule.Cosine;

    /// <summary>Largest norm of the whole gradient, > 0; a longer one is scaled back. Infinity turns clipping off.</summary>
    public double GradientClip { get; init; } = 10;

    /// <summary>A scalar added to each batch's loss, such as a weight decay of some parameters; it is called inside a dispose scope. Null adds nothing.</summary>
    public Func<Tensor>? Penalty { get; init; }

    /// <summary>Decay of an exponential moving average of the parameters, in (0, 1), such as 0.999; the average is what is evaluated and kept at the end. Null: no average is taken.</summary>
    public double? Average { get; init; }

    /// <summary>Steps between two evaluations on the validation set, >= 1.</summary>
    public int EvaluateEvery { get; init; } = 100;

    /// <summary>Evaluations without a new best before the training stops early; null: never.</summary>
    public int? Patience { get; init; }

    /// <summary>Threads of one tensor operation. Null: steps are timed with one and with <see cref="Runtime.Threads"/>, and the faster is taken; it is looked at again now and then, as the machine may be busy for a while.
    /// A training that keeps checkpoints chooses once, in its first steps.</summary>
    public int? Threads { get; init; }

    /// <summary>Receives progress, a few times a second; null: the host's, if it has one.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops the training at its next step with a <see cref="TrainingStoppedException"/>, after a last checkpoint if it keeps any; the model keeps the weights of that moment, in evaluation mode.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Where the training keeps its state, to go on from after an interruption; null: in the folder that FLOWKIT_CHECKPOINTS names, or else nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>A folder for TensorBoard's event files: loss and learning rate at the points of the history, and the validation loss; null: none are written.</summary>
    public string? TensorBoard { get; init; }

    /// <summary>Called after each step with its loss. The parameters' gradients are the training's own by then; their <c>grad</c> may be null.</summary>
    public Action<HistoryPoint>? AfterStep { get; init; }

    /// <summary>Called after each evaluation with the validation loss.</summary>
    public Action<HistoryPoint>? AfterEvaluation { get; init; }

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Accumulate, 1);
        ArgumentNullException.ThrowIfNull(Optimizer);
        Positive(LearningRate, nameof(LearningRate));
        ArgumentNullException.ThrowIfNull(Schedule);
        Positive(GradientClip, nameof(GradientClip));
        if (Average is not (null or (> 0 and < 1))) throw new ArgumentOutOfRangeException(nameof(Average), Average, "Expected a number in (0, 1).");
        ArgumentOutOfRangeException.ThrowIfLessThan(EvaluateEvery, 1);
        if (Patience is { } patience) ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1, nameof(Patience));
        if (Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(Threads));
        if (Checkpoint is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(Checkpoint.Path, "Checkpoint.Path");
            ArgumentOutOfRangeException.ThrowIfLessThan(Checkpoint.Every, 1, "Checkpoint.Every");
        }

        static void Positive(double value, string name)
        {
            if (!(value > 0)) throw new ArgumentOutOfRangeException(name, value, "Expected a number > 0.");
        }
    }
}
