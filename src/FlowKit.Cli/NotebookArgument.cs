using System.CommandLine.Parsing;

namespace FlowKit.Cli;

/// <summary>What the notebooks on a command line must be.</summary>
internal static class NotebookArgument
{
    /// <summary>Adds an error for each one that is no file.</summary>
    public static void Check(ArgumentResult result) => Check(result, result.Tokens.Select(token => token.Value));

    /// <summary>Adds an error for each of these that is no file.</summary>
    public static void Check(ArgumentResult result, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (File.Exists(path)) continue;
            result.AddError(path switch
            {
                ['-', ..] => $"There is no option '{path}'.",
                _ when Directory.Exists(path) => $"NOTEBOOK is a .ipynb or .dib file; '{path}' is a folder.",
                _ => $"NOTEBOOK is a .ipynb or .dib file; there is no file '{path}'.",
            });
        }
    }

    /// <summary>Adds an error for each one that has no place for outputs.</summary>
    public static void CheckOutputs(ArgumentResult result)
    {
        foreach (string path in result.Tokens.Select(token => token.Value).Where(NotebookFile.IsDib))
            result.AddError($"A .dib file holds no outputs, and this needs a .ipynb file; it was '{path}'.");
    }
}
