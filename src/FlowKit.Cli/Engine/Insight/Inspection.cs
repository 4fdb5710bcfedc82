namespace FlowKit.Cli;

/// <summary>What is known about a name: its signature and its documentation.</summary>
/// <param name="Text">As plain text.</param>
/// <param name="Html">The same as HTML.</param>
internal sealed record Inspection(string Text, string Html);
