using System.Text;

namespace FlowKit.Experiments;

/// <summary>Tables as text.</summary>
internal static class TableText
{
    /// <summary>Comma-separated values, RFC 4180, with line feeds.</summary>
    public static string Csv(IEnumerable<IEnumerable<string>> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines) text.AppendJoin(',', line.Select(Quote)).Append('\n');
        return text.ToString();
    }

    /// <summary>A table of Markdown.</summary>
    public static string Markdown(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend([.. header.Select(_ => "---")]).Prepend(header))
            text.Append("| ").AppendJoin(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" "))).Append(" |\n");
        return text.ToString();
    }

    private static string Quote(string cell) => cell.AsSpan().ContainsAny("\",\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
