namespace FlowKit.Cli;

/// <summary>A file is not a notebook that this program can run, or it cannot be read or written; the message names the file.</summary>
internal sealed class NotebookException(string message) : CommandException(message);
