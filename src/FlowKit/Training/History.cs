namespace FlowKit.Training;

/// <summary>The losses of a training by step.</summary>
/// <param name="Name">What was trained.</param>
/// <param name="Train">Mean training loss over the steps since the previous entry, in the units of the loss.</param>
/// <param name="Validation">Validation losses, in the same units; empty without a validation set.</param>
/// <param name="Elapsed">Wall time of the training.</param>
/// <param name="BestStep">The step whose weights were kept: the one with the lowest validation loss, or the last step if there was no validation or the training was stopped or failed.</param>
/// <example><code>
/// manual_seed(0);
/// var history = Trainer.Fit(Maf.Create(features: 2, layers: 2), new Banana(), new() { Name = "banana", Steps = 40 });
/// Console.WriteLine($"{history.Name}, best at step {history.BestStep}");  // => banana, best at step 40
/// Console.WriteLine(history.Train[^1].Loss &lt; history.Train[0].Loss);      // => True
/// </code></example>
public sealed record History(
    string Name, IReadOnlyList<HistoryPoint> Train, IReadOnlyList<HistoryPoint> Validation, TimeSpan Elapsed, int BestStep)
{
    /// <summary>Optimizer steps done; 0 for a model that was not trained.</summary>
    public int Steps => Train.Concat(Validation).Select(point => point.Step).DefaultIfEmpty(0).Max();
}

/// <summary>A loss at a step.</summary>
/// <param name="Step">Optimizer steps done, from 1; 0 for a loss before the first step.</param>
/// <param name="Loss">In the units of the training's loss, nats per example for a negative log-likelihood.</param>
/// <example><code>
/// HistoryPoint[] losses = [new(Step: 100, Loss: 1.42), new(Step: 200, Loss: 1.17), new(Step: 300, Loss: 1.21)];
/// Console.WriteLine(losses.MinBy(point => point.Loss).Step);  // => 200
/// </code></example>
public readonly record struct HistoryPoint(int Step, double Loss);
