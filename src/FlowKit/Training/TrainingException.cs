namespace FlowKit.Training;

/// <summary>A training cannot continue because its loss or its gradient is no longer finite. The weights are those of the last good step.</summary>
/// <param name="message">What happened, at which step, and what may help.</param>
/// <param name="step">The step it happened in, from 1.</param>
/// <param name="module">Where the first value that is not finite came from: the path and kind of a module, or the name of a parameter for a gradient; null if it was not found.</param>
/// <param name="rows">The batch's rows in the data; empty where batches are drawn.</param>
/// <example><code>
/// var model = new Normal().Learned(1);
/// try { Trainer.Fit(model, () => model.LogProb(ones(4, 1)).mean() * double.NaN, new() { Steps = 10 }); }
/// catch (TrainingException e) { Console.WriteLine($"stopped at step {e.Step}"); }  // => stopped at step 1
/// </code></example>
public sealed class TrainingException(string message, int step, string? module = null, IReadOnlyList<long>? rows = null) : Exception(message)
{
    /// <summary>The step it happened in, from 1.</summary>
    public int Step { get; } = step;

    /// <summary>Where the first value that is not finite came from: the path and kind of a module, or the name of a parameter for a gradient; null if it was not found.</summary>
    public string? Module { get; } = module;

    /// <summary>The batch's rows in the data; empty where batches are drawn.</summary>
    public IReadOnlyList<long> Rows { get; } = rows ?? [];
}
