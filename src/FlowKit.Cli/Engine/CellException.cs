namespace FlowKit.Cli;

/// <summary>A cell cannot run: it does not compile, or it needs something that the engine does not have.</summary>
internal sealed class CellException(string name, string summary, IReadOnlyList<CellProblem> problems) : Exception(summary)
{
    /// <summary>A single problem at a line of a cell or file.</summary>
    public CellException(string name, CellProblem problem) : this(name, problem.Message, [problem]) { }

    /// <summary>The error output that reports it.</summary>
    public CellOutput.Error ToOutput() =>
        new(name, Message, problems is [var only] ? [$"{name}: {only}"] : [$"{name}: {Message}", .. problems.Select(problem => $"   {problem}")], problems);
}
