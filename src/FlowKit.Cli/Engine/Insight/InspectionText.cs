using System.Net;
using System.Text;

namespace FlowKit.Cli;

/// <summary>Formats what is known about a name.</summary>
/// <param name="Signatures">One for each overload, at least one.</param>
/// <param name="Value">A variable's value, or null.</param>
/// <param name="Documentation">What its author wrote about it, or null.</param>
internal sealed record InspectionText(IReadOnlyList<string> Signatures, string? Value, SymbolDocumentation? Documentation)
{
    private const int MostSignatures = 12;

    /// <summary>As plain text and as HTML.</summary>
    public Inspection ToInspection()
    {
        var text = new StringBuilder();
        var html = new StringBuilder();
        string signatures = string.Join('\n', Signatures.Take(MostSignatures));
        if (Signatures.Count > MostSignatures) signatures += $"\n(+ {Signatures.Count - MostSignatures} overloads)";
        if (Value is not null) signatures += $" = {Value}";
        text.Append(signatures).Append('\n');
        html.Append("<pre>").Append(WebUtility.HtmlEncode(signatures)).Append("</pre>");

        foreach (string paragraph in new[] { Documentation?.Summary, Documentation?.Remarks }.OfType<string>())
        {
            text.Append('\n').Append(paragraph).Append('\n');
            html.Append("<p>").Append(WebUtility.HtmlEncode(paragraph)).Append("</p>");
        }
        List("Parameters", Documentation?.Parameters ?? []);
        if (Documentation?.Returns is { } returns) List("Returns", [("", returns)]);
        List("Throws", Documentation?.Exceptions ?? []);
        return new(text.ToString().TrimEnd(), html.ToString());

        void List(string title, IReadOnlyList<(string Name, string Text)> entries)
        {
            if (entries.Count == 0) return;
            text.Append('\n').Append(title).Append(":\n");
            html.Append("<b>").Append(title).Append("</b><ul>");
            foreach (var (name, about) in entries)
            {
                text.Append("  ").Append(name).Append(name.Length > 0 ? ": " : "").Append(about).Append('\n');
                html.Append("<li>").Append(name.Length > 0 ? $"<code>{WebUtility.HtmlEncode(name)}</code> " : "").Append(WebUtility.HtmlEncode(about)).Append("</li>");
            }
            html.Append("</ul>");
        }
    }
}
