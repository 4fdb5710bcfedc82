using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>A symbol's documentation comment, as plain text.</summary>
internal sealed partial record SymbolDocumentation(
    string? Summary, string? Remarks, IReadOnlyList<(string Name, string Text)> Parameters, string? Returns, IReadOnlyList<(string Name, string Text)> Exceptions)
{
    /// <summary>The documentation of a symbol from its source, from the file beside its assembly, or from the member it overrides; null if there is none.</summary>
    public static SymbolDocumentation? Of(ISymbol symbol, Compilation compilation)
    {
        if (symbol is IMethodSymbol { ReducedFrom: { } extension }) symbol = extension;
        var written = Find(symbol.OriginalDefinition, compilation);
        if (written is null && symbol is IMethodSymbol { MethodKind: MethodKind.Constructor }) written = Find(symbol.ContainingType.OriginalDefinition, compilation);
        return written is null ? null : Read(written);
    }

    private static XElement? Find(ISymbol symbol, Compilation compilation)
    {
        for (ISymbol? place = symbol; place is not null; place = Inherited(place))
        {
            var written = Source(place) ?? DocumentationFiles.Find(place, compilation);
            if (written is not null && written.Element("inheritdoc") is null) return written;
        }
        return null;
    }

    private static XElement? Source(ISymbol symbol)
    {
        if (symbol.DeclaringSyntaxReferences.IsEmpty || symbol.GetDocumentationCommentXml() is not { Length: > 0 } xml) return null;
        try
        {
            return XElement.Parse(xml);
        }
        catch (XmlException)
        {
            return null;                    // a comment that is being written
        }
    }

    private static ISymbol? Inherited(ISymbol symbol) => (symbol switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        INamedTypeSymbol { BaseType: { SpecialType: SpecialType.None } type } => type,
        _ => (ISymbol?)null,
    } ?? symbol.ContainingType?.AllInterfaces.SelectMany(type => type.GetMembers(symbol.Name))
        .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)))?.OriginalDefinition;

    private static SymbolDocumentation Read(XElement member) => new(
        Text(member.Element("summary")), Text(member.Element("remarks")), Entries(member, "param", "name"), Text(member.Element("returns")), Entries(member, "exception", "cref"));

    private static (string, string)[] Entries(XElement member, string element, string name) =>
        [.. member.Elements(element).Select(entry => (ShortName(entry.Attribute(name)?.Value ?? ""), Text(entry) ?? "")).Where(entry => entry.Item2.Length > 0)];

    private static string? Text(XElement? element)
    {
        if (element is null) return null;
        var text = new StringBuilder();
        Write(element, text);
        string[] paragraphs = [.. text.ToString().Split('\v').Select(paragraph => Spaces().Replace(paragraph, " ").Trim()).Where(paragraph => paragraph.Length > 0)];
        return paragraphs.Length == 0 ? null : string.Join('\n', paragraphs);
    }

    private static void Write(XElement element, StringBuilder text)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText words) text.Append(words.Value);
            if (node is not XElement inner) continue;

            string? name = (inner.Attribute("cref") ?? inner.Attribute("name") ?? inner.Attribute("langword") ?? inner.Attribute("href"))?.Value;
            bool isBlock = inner.Name.LocalName is "para" or "item" or "code" or "br";
            if (isBlock) text.Append('\v');
            if (inner.IsEmpty && name is not null) text.Append(ShortName(name));
            else Write(inner, text);
            if (isBlock) text.Append('\v');
        }
    }

    // "M:System.Math.Abs(System.Double)" is Abs, a plain name stays.
    private static string ShortName(string name)
    {
        if (name.Length < 2 || name[1] != ':') return name;
        string bare = name[2..].Split('(', '`')[0];
        return bare[(bare.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
