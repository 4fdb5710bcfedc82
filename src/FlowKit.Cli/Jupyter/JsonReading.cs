using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Reads what a client sent: a value of another kind is as good as none.</summary>
internal static class JsonReading
{
    /// <summary>The string, or null.</summary>
    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The integer, or null.</summary>
    public static int? AsInteger(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    /// <summary>The truth value, or null.</summary>
    public static bool? AsFlag(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;
}
