using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Writes JSON byte for byte as Jupyter does: sorted keys, indented by one space, and no unnecessary escapes.</summary>
internal static class NotebookJson
{
    /// <summary>The document with a line end after it.</summary>
    public static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        Write(node, 0, text);
        return text.Append('\n').ToString();
    }

    private static void Write(JsonNode? node, int depth, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: > 0 } map:
                Block('{', '}', map.OrderBy(entry => entry.Key, StringComparer.Ordinal), depth, text, entry =>
                {
                    Quote(entry.Key, text);
                    text.Append(": ");
                    Write(entry.Value, depth + 1, text);
                });
                break;
            case JsonArray { Count: > 0 } list:
                Block('[', ']', list, depth, text, item => Write(item, depth + 1, text));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Quote(value.GetValue<string>(), text);
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void Block<T>(char open, char close, IEnumerable<T> items, int depth, StringBuilder text, Action<T> write)
    {
        text.Append(open);
        string separator = "\n";
        foreach (var item in items)
        {
            text.Append(separator).Append(' ', depth + 1);
            write(item);
            separator = ",\n";
        }
        text.Append('\n').Append(' ', depth).Append(close);
    }

    // Half of a surrogate pair is not a character, and no other program could read it.
    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var rune in value.EnumerateRunes())                // gives U+FFFD for a half
            if (rune.IsBmp) Append((char)rune.Value, text);
            else text.Append(rune.ToString());
        text.Append('"');
    }

    private static void Append(char c, StringBuilder text) =>
        _ = c switch
        {
            '"' => text.Append("\\\""),
            '\\' => text.Append("\\\\"),
            '\n' => text.Append("\\n"),
            '\r' => text.Append("\\r"),
            '\t' => text.Append("\\t"),
            '\b' => text.Append("\\b"),
            '\f' => text.Append("\\f"),
            < ' ' => text.Append($"\\u{(int)c:x4}"),
            _ => text.Append(c),
        };
}
