namespace FlowKit.Training;

/// <summary>A training was stopped before its end. The model has the weights of the last step, neither the best ones nor an average, and what was seen until then is here.</summary>
/// <remarks>In a notebook the cell that was stopped assigns nothing: there <see cref="Trainer.LastHistory"/> has the history for the next cell.</remarks>
/// <example><code>
/// var stop = new CancellationTokenSource();
/// var options = new FitOptions { Steps = 1000, Cancellation = stop.Token, AfterStep = point => { if (point.Step == 25) stop.Cancel(); } };
/// try { Trainer.Fit(new Normal().Learned(1), new StandardNormal(1), options); }
/// catch (TrainingStoppedException e) { Console.WriteLine(e.History.BestStep); }  // => 25
/// </code></example>
public sealed class TrainingStoppedException : OperationCanceledException
{
    internal TrainingStoppedException(History history, int steps, CancellationToken token)
        : base($"The training '{history.Name}' was stopped after step {history.BestStep} of {steps}. The weights are those of that step; Trainer.LastHistory has its losses.", token) => History = history;

    /// <summary>The losses up to the last step.</summary>
    public History History { get; }
}
