namespace FlowKit.Training;

/// <summary>How a model is trained. The defaults fit a small flow on a few thousand points.</summary>
public sealed record FitOptions
{
    /// <summary>What the progress display calls this training.</summary>
    public string Name { get; init; } = "training";

    /// <summary>Optimizer steps, >= 1.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Examples a step, >= 1; a data set smaller than that is used whole.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Adam's base learning rate, > 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The rate's course over the training.</summary>
    public Schedule Schedule { get; init; } = Schedule.Cosine;

    /// <summary>Decoupled weight decay (Loshchilov, Hutter 2019, arXiv:1711.05101), >= 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of the whole gradient, > 0; a longer one is scaled back. Infinity turns clipping off.</summary>
    public double GradientClip { get; init; } = 10;

    /// <summary>Steps between two evaluations on the validation set, >= 1.</summary>
    public int EvaluateEvery { get; init; } = 100;

    /// <summary>Evaluations without a new best before the training stops early; null: never.</summary>
    public int? Patience { get; init; }

    /// <summary>Threads of one tensor operation. Null: a few steps are timed with one and with all cores, and the faster is kept.</summary>
    public int? Threads { get; init; }

    /// <summary>Receives progress, a few times a second; null: the host's, if it has one.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops the training at its next step with an <see cref="OperationCanceledException"/>; the weights stay as they are then, in evaluation mode.</summary>
    public CancellationToken Cancellation { get; init; }

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        Positive(LearningRate, nameof(LearningRate));
        ArgumentNullException.ThrowIfNull(Schedule);
        if (!(WeightDecay >= 0)) throw new ArgumentOutOfRangeException(nameof(WeightDecay), WeightDecay, "Expected a number >= 0.");
        Positive(GradientClip, nameof(GradientClip));
        ArgumentOutOfRangeException.ThrowIfLessThan(EvaluateEvery, 1);
        if (Patience is { } patience) ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1, nameof(Patience));
        if (Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(Threads));

        static void Positive(double value, string name)
        {
            if (!(value > 0)) throw new ArgumentOutOfRangeException(name, value, "Expected a number > 0.");
        }
    }
}
