using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Reads a cell's magics (lines that start with <c>#!</c>) and its packages, and cuts it into segments.</summary>
/// <param name="directory">The session's folder.</param>
/// <param name="packages">The session's packages. All packages of a cell are restored while it is read, and none of its code runs if one is not available.</param>
internal sealed class CellSource(string directory, SessionPackages packages)
{
    private readonly Stack<string> importing = new();
    private readonly List<PackageDirectives> wanted = [];
    private bool isTimed;

    /// <summary>The segments of a cell, imports read from their files; the extensions of its packages come first.</summary>
    /// <exception cref="CellException">A magic is unknown, an import cannot be read, or a package is not available.</exception>
    public CellProgram Read(string text, string path)
    {
        CellSegment[] own = [.. Cut(text, path, imported: false)];
        List<CellSegment> extensions = [];
        for (int i = 0; i < wanted.Count; i++)                  // an extension may want packages too
            foreach (var segment in Extensions(wanted[i])) extensions.Add(segment);
        return new([.. extensions, .. own], isTimed);
    }

    /// <summary>Whether a cell begins with Markdown or HTML, which is displayed and not run.</summary>
    public static bool IsProse(string text) => Shown(text.TrimStart().Split('\n')[0].Trim()) is not null;

    private IEnumerable<CellSegment> Cut(string code, string path, bool imported)
    {
        var directives = PackageDirectives.Read(code, imported ? path : null, directory);
        if (directives.Requests.Count + directives.Sources.Count > 0) wanted.Add(directives);

        var text = SourceText.From(directives.Code);
        var root = CellSyntax.Parse(text, imported ? path : null).GetRoot();
        int start = 0;                                          // the first line that no segment holds yet
        for (int line = 0; line < text.Lines.Count; line++)
        {
            if (MagicAt(text, root, line) is not { } magic) continue;
            foreach (var segment in Take(line)) yield return segment;
            start = line + 1;
            if (Shown(magic) is { } mimeType)
            {
                int end = Enumerable.Range(start, text.Lines.Count - start).FirstOrDefault(next => IsLanguage(text.Lines[next].ToString().Trim()), text.Lines.Count);
                if (!imported) yield return new(Lines(start, end).TrimEnd('\n'), path, imported, mimeType);
                if (end < text.Lines.Count)                     // C# again, parsed by itself: prose has quotes and braces of its own
                    foreach (var segment in Cut(new string('\n', end) + Lines(end, text.Lines.Count), path, imported)) yield return segment;
                yield break;
            }
            foreach (var segment in Obey(magic, new(imported ? path : null, line + 1, ""))) yield return segment;
        }
        foreach (var segment in Take(text.Lines.Count)) yield return segment;

        IEnumerable<CellSegment> Take(int end)
        {
            if (start >= end) yield break;
            string part = Lines(start, end);
            if (!string.IsNullOrWhiteSpace(part)) yield return new(new string('\n', start) + part, path, imported);
        }

        string Lines(int first, int end) => first >= end ? "" : text.ToString(TextSpan.FromBounds(text.Lines[first].Start, text.Lines[end - 1].EndIncludingLineBreak));
    }

    private IEnumerable<CellSegment> Extensions(PackageDirectives directives)
    {
        // FlowKit is already loaded; this is what the extension of its package does.
        if (directives.Requests.Any(request => request.Id.Equals("FlowKit.Interactive", StringComparison.OrdinalIgnoreCase)))
            yield return new("FlowKit.Interactive.FlowKitExtension.Load();", "FlowKit.Interactive", IsImported: true);
        foreach (string extension in packages.Add(directives))
            foreach (var segment in Import(extension, directives.Requests[0].Place)) yield return segment;
    }

    private static string? Shown(string magic) => magic switch
    {
        "#!markdown" => "text/markdown",
        "#!html" => "text/html",
        _ => null,
    };

    private static bool IsLanguage(string line) => line is "#!csharp" or "#!c#" or "#!C#" || Shown(line) is not null;

    // A line within a string or a comment is not a magic.
    private static string? MagicAt(SourceText text, SyntaxNode root, int line)
    {
        string content = text.ToString(text.Lines[line].Span);
        int indent = content.Length - content.TrimStart().Length;
        if (!content.AsSpan(indent).StartsWith("#!")) return null;
        return root.FindTrivia(text.Lines[line].Start + indent, findInsideTrivia: false).IsDirective ? content.Trim() : null;
    }

    private IEnumerable<CellSegment> Obey(string magic, CellProblem place)
    {
        string[] words = magic.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words[0] switch
        {
            "#!csharp" or "#!c#" or "#!C#" => [],
            "#!time" => Time(),
            "#!import" => Import(words.Length > 1 ? words[1].Trim('"') : "", place),
            _ => throw Refuse("MagicError", place, MagicWords.Refusal(words[0])),
        };
    }

    private IEnumerable<CellSegment> Time()
    {
        isTimed = true;
        return [];
    }

    private List<CellSegment> Import(string file, CellProblem place)
    {
        if (file.Length == 0) throw Refuse("ImportError", place, "#!import expects a .cs, .dib or .ipynb file, as in '#!import setup.cs'; no file is named.");
        string kind = Path.GetExtension(file).ToLowerInvariant();
        if (kind is not (".cs" or ".csx" or ".dib" or ".ipynb")) throw Refuse("ImportError", place, $"#!import reads a .cs, .dib or .ipynb file; it was '{file}'.");
        if (file.Contains('\0')) throw Refuse("ImportError", place, "#!import reads a file; its name contains a null character.");

        string full = Path.GetFullPath(file, directory);
        if (importing.Contains(full)) throw Refuse("ImportError", place, $"'{file}' imports itself.");

        importing.Push(full);
        string text = Load(full, file, place);
        var segments = (kind is ".cs" or ".csx" ? Cut(text, file, imported: true) : ImportedNotebook.Cells(full, file, place).SelectMany(cell => Cut(cell.Source, cell.Name, imported: true))).ToList();
        importing.Pop();
        return segments;
    }

    private static string Load(string full, string file, CellProblem place)
    {
        try
        {
            return File.ReadAllText(full);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse("ImportError", place, $"#!import found no file '{file}' beside the notebook.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refuse("ImportError", place, $"#!import cannot read '{file}': {error.Message}");
        }
    }

    private static CellException Refuse(string name, CellProblem place, string message) => new(name, place with { Message = message });
}
