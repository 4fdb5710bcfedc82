using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Text in a notebook: one string, or its lines as a list of strings that keep their line ends.</summary>
internal static class NotebookText
{
    /// <summary>The whole text, or null if the node is neither.</summary>
    public static string? Join(JsonNode? node) => node switch
    {
        JsonArray lines when lines.All(IsString) => string.Concat(lines.Select(line => line!.GetValue<string>())),
        JsonValue when IsString(node) => node.GetValue<string>(),
        _ => null,
    };

    /// <summary>The text as a list of lines, as Jupyter stores it.</summary>
    public static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) is >= 0 and var found ? found + 1 : text.Length;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }
        return lines;
    }

    private static bool IsString(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? _);
}
