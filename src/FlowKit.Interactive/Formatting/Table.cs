using System.Net;
using System.Text;

namespace FlowKit.Interactive.Formatting;

/// <summary>A small table of texts, with a note below.</summary>
/// <param name="Header">The columns.</param>
/// <param name="Rows">Each as long as the header.</param>
/// <param name="Note">Below the table; may be empty.</param>
internal sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows, string Note = "")
{
    /// <summary>Plain HTML without colors of its own: it suits light and dark.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<table><thead><tr>");
        foreach (string name in Header) html.Append($"<th style=\"text-align:left\">{WebUtility.HtmlEncode(name)}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in Rows)
        {
            html.Append("<tr>");
            foreach (string cell in row) html.Append($"<td style=\"text-align:left\">{WebUtility.HtmlEncode(cell)}</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (Note.Length > 0) html.Append($"<p>{WebUtility.HtmlEncode(Note)}</p>");
        return html.ToString();
    }

    /// <summary>Columns in line, two spaces apart.</summary>
    public string ToText()
    {
        int[] widths = [.. Header.Select((name, i) => Rows.Select(row => row[i].Length).Append(name.Length).Max())];
        var lines = new[] { Header }.Concat(Rows).Select(row => string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        return string.Join('\n', Note.Length > 0 ? lines.Append(Note) : lines);
    }
}
