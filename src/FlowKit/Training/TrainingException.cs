namespace FlowKit.Training;

/// <summary>A training cannot go on: its loss is no number any more.</summary>
/// <param name="message">What happened, at which step, and what may help.</param>
/// <param name="step">The step whose loss it was, from 1.</param>
public sealed class TrainingException(string message, int step) : Exception(message)
{
    /// <summary>The step whose loss it was, from 1.</summary>
    public int Step { get; } = step;
}
