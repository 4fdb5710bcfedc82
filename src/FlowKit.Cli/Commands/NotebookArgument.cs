using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowKit.Cli;

/// <summary>The notebooks on a command line, and what they must be.</summary>
internal static class NotebookArgument
{
    /// <summary>One or more notebooks that exist.</summary>
    public static Argument<string[]> Create(string description)
    {
        var notebooks = new Argument<string[]>("notebook") { Description = description, Arity = ArgumentArity.OneOrMore, HelpName = "NOTEBOOK" };
        notebooks.Validators.Add(Check);
        return notebooks;
    }

    /// <summary>One or more notebooks that exist and can store outputs.</summary>
    public static Argument<string[]> CreateWithOutputs(string description)
    {
        var notebooks = Create(description);
        notebooks.Validators.Add(CheckOutputs);
        return notebooks;
    }

    /// <summary>Adds an error for each path that is not a file.</summary>
    public static void Check(ArgumentResult result) => Check(result, result.Tokens.Select(token => token.Value));

    /// <summary>Adds an error for each of these paths that is not a file.</summary>
    public static void Check(ArgumentResult result, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (File.Exists(path)) continue;
            string found = Directory.Exists(path) ? $"'{path}' is a folder" : $"there is no file '{path}'";
            result.AddError(CommonOptions.Wrong(path, $"NOTEBOOK is a .ipynb or .dib file; {found}."));
        }
    }

    /// <summary>Adds an error for each notebook whose format has no place for outputs.</summary>
    public static void CheckOutputs(ArgumentResult result)
    {
        foreach (string path in result.Tokens.Select(token => token.Value).Where(NotebookFile.IsDib))
            result.AddError($"A .dib file holds no outputs, and this command needs a .ipynb file; it was '{path}'.");
    }
}
