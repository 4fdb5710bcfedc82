namespace FlowKit.Cli;

/// <summary>Whether a text is a complete cell.</summary>
/// <param name="Status">The verdict.</param>
/// <param name="Indent">The indentation of the next line; empty unless the code is incomplete.</param>
internal sealed record Completeness(CodeStatus Status, string Indent = "");
