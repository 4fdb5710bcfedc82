using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>An output of a cell while it runs.</summary>
internal abstract record CellOutput
{
    /// <summary>Text the cell wrote to stdout or stderr.</summary>
    public sealed record Stream(string Name, string Text) : CellOutput;

    /// <summary>A value shown by <c>display</c>: its text by MIME type, and the name a later <see cref="Update"/> uses.</summary>
    public sealed record Display(JsonObject Data, string Id) : CellOutput;

    /// <summary>A new value in place of one that is displayed.</summary>
    public sealed record Update(JsonObject Data, string Id) : CellOutput;

    /// <summary>The value of the cell's last expression.</summary>
    public sealed record Result(JsonObject Data) : CellOutput;

    /// <summary>Why the cell failed.</summary>
    public sealed record Error(string Name, string Value, IReadOnlyList<string> Traceback, IReadOnlyList<CellProblem> Problems) : CellOutput;
}
