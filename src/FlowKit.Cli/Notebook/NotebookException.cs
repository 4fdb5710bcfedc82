namespace FlowKit.Cli;

/// <summary>A file that is no notebook this program can run, or cannot be read or written; the message names it.</summary>
internal sealed class NotebookException(string message) : CommandException(message);
