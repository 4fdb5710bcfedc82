using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace FlowKit.Cli;

/// <summary>A value's pictures, by MIME type.</summary>
internal static class MimeBundle
{
    /// <summary>The value in the MIME types its formatters prefer; numbers and strings as plain text only.</summary>
    /// <param name="value">Anything, null too.</param>
    /// <param name="mimeTypes">The types to show instead of the preferred ones; empty: the preferred ones.</param>
    public static JsonObject Of(object? value, params string[] mimeTypes)
    {
        var bundle = new JsonObject();
        foreach (string mimeType in mimeTypes.Length > 0 ? mimeTypes : Preferred(value)) bundle[mimeType] = Show(value, mimeType);
        return bundle;
    }

    private static string[] Preferred(object? value)
    {
        if (value is null or string or decimal or Enum or DateTime or DateTimeOffset or TimeSpan or Guid || value.GetType().IsPrimitive) return [PlainTextFormatter.MimeType];
        string[] preferred = [.. Formatter.GetPreferredMimeTypesFor(value.GetType()).Distinct()];
        return preferred.Length > 0 ? preferred : [PlainTextFormatter.MimeType];
    }

    // A formatter is a guest: what it throws is shown in the value's place.
    private static JsonNode Show(object? value, string mimeType)
    {
        try
        {
            string text = value.ToDisplayString(mimeType);
            return IsJson(mimeType) ? Parse(text) : JsonValue.Create(text.ReplaceLineEndings("\n"))!;
        }
        catch (Exception error)
        {
            return JsonValue.Create($"The {mimeType} formatter of {value?.GetType().Name} failed: {error.GetType().Name}: {error.Message}")!;
        }
    }

    private static bool IsJson(string mimeType) => mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);

    private static JsonNode Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) ?? JsonValue.Create(text)!;
        }
        catch (JsonException)
        {
            return JsonValue.Create(text)!;
        }
    }
}
