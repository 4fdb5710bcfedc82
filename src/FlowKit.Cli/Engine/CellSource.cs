using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Cli;

/// <summary>Reads a cell's magics (lines that start with <c>#!</c>) and cuts it into segments of C#.</summary>
internal sealed class CellSource(string directory)
{
    private static readonly CSharpParseOptions script = new(kind: SourceCodeKind.Script);
    private readonly Stack<string> importing = new();

    /// <summary>The segments of a cell, imports read from their files.</summary>
    /// <exception cref="CellException">A magic is unknown, or an import cannot be read.</exception>
    public IReadOnlyList<CellSegment> Read(string text, string path) => [.. Cut(text, path, imported: false)];

    /// <summary>The text under a leading <c>#!markdown</c>, or null if the cell is code.</summary>
    public static string? Markdown(string text)
    {
        string trimmed = text.TrimStart();
        int end = trimmed.IndexOf('\n');
        string first = (end < 0 ? trimmed : trimmed[..end]).Trim();
        return first == "#!markdown" ? (end < 0 ? "" : trimmed[(end + 1)..]) : null;
    }

    private IEnumerable<CellSegment> Cut(string code, string path, bool imported)
    {
        var text = SourceText.From(code);
        var root = CSharpSyntaxTree.ParseText(text, script).GetRoot();
        int start = 0;                                          // the first line that no segment holds yet
        for (int line = 0; line < text.Lines.Count; line++)
        {
            if (MagicAt(text, root, line) is not { } magic) continue;
            foreach (var segment in Take(line)) yield return segment;
            start = line + 1;
            foreach (var segment in Obey(magic, new(imported ? path : null, line + 1, ""))) yield return segment;
        }
        foreach (var segment in Take(text.Lines.Count)) yield return segment;

        IEnumerable<CellSegment> Take(int end)
        {
            if (start >= end) yield break;
            string part = text.ToString(TextSpan.FromBounds(text.Lines[start].Start, text.Lines[end - 1].EndIncludingLineBreak));
            if (!string.IsNullOrWhiteSpace(part)) yield return new(new string('\n', start) + part, path, imported);
        }
    }

    // A line of a string or a comment that starts with #! is none.
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
            "#!import" => Import(words.Length > 1 ? words[1].Trim('"') : "", place),
            _ => throw Refuse("MagicError", place, $"The magic '{words[0]}' is not known: FlowKit's engine runs C# only, with #!csharp, #!import FILE.cs and #!markdown."),
        };
    }

    private List<CellSegment> Import(string file, CellProblem place)
    {
        if (file.Length == 0) throw Refuse("ImportError", place, "#!import names a .cs, .dib or .ipynb file, as '#!import setup.cs'; nothing came.");
        string kind = Path.GetExtension(file).ToLowerInvariant();
        if (kind is not (".cs" or ".csx" or ".dib" or ".ipynb")) throw Refuse("ImportError", place, $"#!import reads a .cs, .dib or .ipynb file; it was '{file}'.");

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
