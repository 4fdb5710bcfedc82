namespace FlowKit.Cli;

/// <summary>One thing wrong with a cell.</summary>
/// <param name="File">The imported file that contains it, or null for the cell itself.</param>
/// <param name="Line">Its line, from 1; null where none is known.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record CellProblem(string? File, int? Line, string Message)
{
    /// <summary>"line 4: ...", "setup.cs, line 4: ..." or the message alone.</summary>
    public override string ToString()
    {
        string line = Line is { } number ? $"line {number}" : "";
        string place = string.Join(", ", new[] { File ?? "", line }.Where(part => part.Length > 0));
        return place.Length > 0 ? $"{place}: {Message}" : Message;
    }
}
