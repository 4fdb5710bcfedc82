namespace FlowKit.Cli;

/// <summary>A compiled segment.</summary>
/// <param name="Start">Runs it as the session's next submission.</param>
/// <param name="HasValue">Whether it ends in an expression that is not void.</param>
internal sealed record Submission(Func<Task<object?>> Start, bool HasValue);
