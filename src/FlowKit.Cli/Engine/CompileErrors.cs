using System.Globalization;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Turns the compiler's diagnostics into a cell's problems.</summary>
internal static class CompileErrors
{
    /// <summary>Every error with the line it is on.</summary>
    public static CellException Describe(IEnumerable<Diagnostic> diagnostics, string cell, string directory)
    {
        CellProblem[] problems = [.. diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => Describe(diagnostic, cell, directory))
            .Distinct()];
        return new("CompilationError", problems.Length == 1 ? problems[0].Message : $"{problems.Length} compile errors.", problems);
    }

    private static CellProblem Describe(Diagnostic diagnostic, string cell, string directory)
    {
        string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        if (diagnostic.Id == "CS0006" && message.Contains("'nuget:", StringComparison.OrdinalIgnoreCase))
            message = message.TrimEnd('.') + ": FlowKit's engine knows the packages it came with; reference any other library by its file, #r \"file.dll\".";

        var span = diagnostic.Location.GetLineSpan();
        string? file = span.Path == cell || span.Path.Length == 0 ? null : CellPath.Show(span.Path, directory);
        return new(file, diagnostic.Location.IsInSource ? span.StartLinePosition.Line + 1 : null, $"error {diagnostic.Id}: {message}");
    }
}
