using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NuGet.Versioning;

namespace FlowKit.Cli;

/// <summary>The lines of a text that request packages (<c>#r "nuget: Id, Version"</c>) or name a source of them (<c>#i "nuget: SOURCE"</c>).</summary>
/// <param name="Requests">The packages.</param>
/// <param name="Sources">Absolute folders and URLs.</param>
/// <param name="Code">The text with these lines blanked, since the compiler does not understand them.</param>
internal sealed record PackageDirectives(IReadOnlyList<PackageRequest> Requests, IReadOnlyList<string> Sources, string Code)
{
    private const string Prefix = "nuget:";

    /// <summary>Reads them.</summary>
    /// <param name="code">C#, perhaps with magics.</param>
    /// <param name="file">The imported file that contains it, or null.</param>
    /// <param name="directory">The folder that a source's relative path starts from.</param>
    /// <exception cref="CellException">A line is malformed.</exception>
    public static PackageDirectives Read(string code, string? file, string directory)
    {
        if (!code.Contains(Prefix, StringComparison.OrdinalIgnoreCase)) return new([], [], code);

        var text = SourceText.From(code);
        var root = CellSyntax.Parse(text, file).GetRoot();
        List<PackageRequest> requests = [];
        List<string> sources = [];
        List<TextChange> changes = [];
        for (int i = 0; i < text.Lines.Count; i++)
        {
            string line = text.Lines[i].ToString().Trim();
            if (Argument(line, "#r") is not { } package)
            {
                if (Argument(line, "#i") is not { } source || !IsDirective(i)) continue;
                sources.Add(Source(source, directory, new(file, i + 1, "")));
            }
            else if (IsDirective(i)) requests.Add(Request(package, new(file, i + 1, "")));
            else continue;
            changes.Add(new(text.Lines[i].Span, ""));
        }
        return new(requests, sources, text.WithChanges(changes).ToString());

        bool IsDirective(int line) => root.FindTrivia(text.Lines[line].Span.Start + text.Lines[line].ToString().IndexOf('#'), findInsideTrivia: false).GetStructure() is DirectiveTriviaSyntax;
    }

    // The text after "nuget:" within the quotes of such a line.
    private static string? Argument(string line, string directive)
    {
        if (!line.StartsWith(directive, StringComparison.Ordinal)) return null;
        string[] quoted = line[directive.Length..].Split('"');
        return quoted is [var before, var argument, ..] && before.Trim().Length == 0 && argument.TrimStart().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? argument.Trim()[Prefix.Length..].Trim()
            : null;
    }

    private static PackageRequest Request(string argument, CellProblem place)
    {
        string[] parts = argument.Split(',', 2, StringSplitOptions.TrimEntries);
        bool isName = parts[0].Length > 0 && parts[0].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        VersionRange? version = null;
        if (isName && (parts is [_] or [_, "" or "*"] || VersionRange.TryParse(parts[1], out version))) return new(parts[0], version, place);
        throw new CellException("PackageError", place with { Message = $"#r expects \"nuget: NAME\" or \"nuget: NAME, VERSION\"; it was \"nuget: {argument}\"." });
    }

    private static string Source(string source, string directory, CellProblem place)
    {
        if (Uri.TryCreate(source, UriKind.Absolute, out var address) && !address.IsFile) return source;
        string folder = Path.GetFullPath(source, directory);
        return Directory.Exists(folder) ? folder
            : throw new CellException("PackageError", place with { Message = $"#i expects \"nuget: SOURCE\", a folder or an address; there is no folder '{source}'." });
    }
}
