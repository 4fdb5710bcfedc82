namespace FlowKit.Cli;

/// <summary>C# that compiles as one piece (the whole cell, or the parts before, in and after an import), or a text to display.</summary>
/// <param name="Text">C#, with blank lines in front so that its lines keep their numbers; or the text.</param>
/// <param name="Path">What the compiler calls it: the cell's name, or a file relative to the session's folder.</param>
/// <param name="IsImported">Whether it comes from another file; an imported value is not shown.</param>
/// <param name="MimeType">What the text is; null for C#.</param>
internal sealed record CellSegment(string Text, string Path, bool IsImported, string? MimeType = null);
