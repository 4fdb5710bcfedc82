namespace FlowKit.Training;

/// <summary>Where a training stands, in numbers: what a checkpoint holds beside its tensors.</summary>
internal sealed class TrainingState
{
    /// <summary>Optimizer steps done.</summary>
    public int Step { get; set; }

    /// <summary>Whether patience has run out.</summary>
    public bool HasStopped { get; set; }

    /// <summary>Sum and number of the losses since the last point of <see cref="Train"/>.</summary>
    public double LossSum { get; set; }

    /// <inheritdoc cref="LossSum"/>
    public int LossCount { get; set; }

    public List<HistoryPoint> Train { get; init; } = [];

    public List<HistoryPoint> Validation { get; init; } = [];

    public double BestLoss { get; set; } = double.PositiveInfinity;

    public int BestStep { get; set; }

    /// <summary>What plateaus have done to the rate.</summary>
    public double PlateauFactor { get; set; } = 1;

    /// <summary>Evaluations since the last new best, or since the rate was lowered.</summary>
    public int Waited { get; set; }

    /// <summary>The thread count that was chosen; null while it is still measured.</summary>
    public int? Threads { get; set; }

    /// <summary>Where the next batch begins in the epoch's permutation.</summary>
    public long Position { get; set; }

    /// <summary>Wall time of the training so far.</summary>
    public TimeSpan Elapsed { get; set; }
}
