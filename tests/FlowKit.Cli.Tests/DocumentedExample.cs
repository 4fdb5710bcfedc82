using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FlowKit.Cli.Tests;

/// <summary>An example in the documentation of what is public: a cell that a reader pastes below notebooks/setup.cs.</summary>
/// <remarks>A comment <c>// => text</c> is one line that the cell prints, or of the text of the value it ends in; it prints nothing else.</remarks>
/// <param name="Name">What it is an example of, as "T:FlowKit.Flow".</param>
/// <param name="Code">Its lines.</param>
internal sealed record DocumentedExample(string Name, string Code)
{
    private static readonly Assembly[] assemblies = [typeof(Flow).Assembly, typeof(Interactive.FlowKitExtension).Assembly, typeof(Session).Assembly];

    /// <summary>The names of the public types, but for what editors never show: the code of cells calls that, no reader does.</summary>
    public static IEnumerable<string> Types { get; } = [.. assemblies.SelectMany(assembly => assembly.GetExportedTypes())
        .Where(type => type.GetCustomAttribute<EditorBrowsableAttribute>() is not { State: EditorBrowsableState.Never })
        .Select(type => $"T:{type.FullName!.Replace('+', '.')}")];

    /// <summary>Every example, of types and of members, by what it is of. That of a record is its primary constructor's too, and counts once.</summary>
    public static IReadOnlyDictionary<string, DocumentedExample> All { get; } = assemblies.SelectMany(Read).DistinctBy(example => example.Code).ToDictionary(example => example.Name);

    /// <summary>What the comments say that the cell prints, a line each.</summary>
    public string[] Promised => [.. Regex.Matches(Code, "// => (.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

    private static IEnumerable<DocumentedExample> Read(Assembly assembly) =>
        from member in XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
        from code in member.Elements("example").Elements("code")
        select new DocumentedExample(member.Attribute("name")!.Value, Unindented(code.Value));

    private static string Unindented(string code)
    {
        string[] lines = [.. code.Trim('\n').TrimEnd().Split('\n').Select(line => line.TrimEnd())];
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
    }
}
