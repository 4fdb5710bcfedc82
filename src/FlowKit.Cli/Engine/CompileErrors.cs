using System.Globalization;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Turns the compiler's diagnostics into a cell's problems.</summary>
internal static class CompileErrors
{
    // Normal in a session of cells: repeated usings, unused names, redefined types, async without await, ? without nullable, and assembly versions.
    private static readonly HashSet<string> idle =
        ["CS0105", "CS0168", "CS0169", "CS0219", "CS0414", "CS0436", "CS0649", "CS1591", "CS1701", "CS1702", "CS1998", "CS8321", "CS8618", "CS8632", "CS8669"];

    /// <summary>Every error with the line it is on.</summary>
    public static CellException Describe(IEnumerable<Diagnostic> diagnostics, string cell, string directory)
    {
        Diagnostic[] errors = [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        CellProblem[] magics = [.. errors.Select(error => error.Location.SourceTree).OfType<SyntaxTree>().Distinct().SelectMany(tree => PythonMagics.In(tree, FileOf(tree.FilePath, cell, directory)))];
        if (magics.Length > 0) return new("MagicError", magics[0].Message, magics);

        CellProblem[] problems = [.. errors
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => Describe(diagnostic, cell, directory))
            .Distinct()];
        return new("CompilationError", problems.Length == 1 ? problems[0].Message : $"{problems.Length} compile errors.", problems);
    }

    /// <summary>The warnings that are shown: those about the cell's own code, and about what it does rather than how it is written.</summary>
    public static IEnumerable<CellProblem> Warnings(IEnumerable<Diagnostic> diagnostics, string cell, string directory) => diagnostics
        .Where(diagnostic => diagnostic is { Severity: DiagnosticSeverity.Warning, IsSuppressed: false } && !idle.Contains(diagnostic.Id) && diagnostic.Location.GetLineSpan().Path == cell)
        .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
        .Select(diagnostic => Describe(diagnostic, cell, directory))
        .Distinct();

    private static CellProblem Describe(Diagnostic diagnostic, string cell, string directory)
    {
        string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        if (diagnostic.Id == "CS0006") message = Missing(message.Split('\'')[1]);

        var span = diagnostic.Location.GetLineSpan();
        return new(FileOf(span.Path, cell, directory), diagnostic.Location.IsInSource ? span.StartLinePosition.Line + 1 : null, $"{(diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning")} {diagnostic.Id}: {message}");
    }

    private static string? FileOf(string path, string cell, string directory) => path == cell || path.Length == 0 ? null : CellPath.Show(path, directory);

    private static string Missing(string reference) => reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)
        ? $"#r \"{reference}\" must be in a cell or in a file of #!import; #load does not support packages."
        : $"#r found no file '{reference}'; it is looked for beside the notebook or the file with the #r line.";
}
