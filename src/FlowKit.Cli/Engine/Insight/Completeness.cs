namespace FlowKit.Cli;

/// <summary>Whether a text is a whole cell.</summary>
/// <param name="Status">The verdict.</param>
/// <param name="Indent">What the next line begins with; empty unless the code is incomplete.</param>
internal sealed record Completeness(CodeStatus Status, string Indent = "");
