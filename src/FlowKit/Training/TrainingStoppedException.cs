namespace FlowKit.Training;

/// <summary>A training was stopped before its end. The model has the weights of the last step, neither the best ones nor an average, and what was seen until then is here.</summary>
/// <remarks>In a notebook the cell that was stopped assigns nothing: there <see cref="Trainer.LastHistory"/> has the history for the next cell.</remarks>
public sealed class TrainingStoppedException : OperationCanceledException
{
    internal TrainingStoppedException(History history, int steps, CancellationToken token)
        : base($"The training '{history.Name}' was stopped after step {history.BestStep} of {steps}. The weights are those of that step; Trainer.LastHistory has its losses.", token) => History = history;

    /// <summary>The losses up to the last step.</summary>
    public History History { get; }
}
