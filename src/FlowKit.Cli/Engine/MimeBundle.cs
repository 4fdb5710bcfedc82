using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace FlowKit.Cli;

/// <summary>The formatted forms of a value, by MIME type.</summary>
internal static class MimeBundle
{
    /// <summary>The most characters of a value's plain text; the rest is cut off.</summary>
    public const int TextLimit = 100_000;

    /// <summary>The most characters of any other form; a longer one is left out.</summary>
    public const int Limit = 2 << 20;

    /// <summary>The value in the MIME types its formatters prefer; numbers and strings as plain text only.</summary>
    /// <param name="value">Anything, null too.</param>
    /// <param name="mimeTypes">The types to show instead of the preferred ones; empty: the preferred ones.</param>
    public static JsonObject Of(object? value, params string[] mimeTypes)
    {
        var bundle = new JsonObject();
        foreach (string mimeType in mimeTypes.Length > 0 ? mimeTypes : Preferred(value)) Add(bundle, value, mimeType);
        if (bundle.Count == 0) bundle[PlainTextFormatter.MimeType] = $"[flowkit: a {value?.GetType().Name} of more than {Limit >> 20} MB is not shown]";
        return bundle;
    }

    // Beside HTML stands plain text, for readers without a browser and for comparisons; text that is HTML already has none.
    private static string[] Preferred(object? value)
    {
        if (value is null or string or decimal or Enum or DateTime or DateTimeOffset or TimeSpan or Guid || value.GetType().IsPrimitive) return [PlainTextFormatter.MimeType];
        string[] preferred = [.. Formatter.GetPreferredMimeTypesFor(value.GetType()).Distinct()];
        if (preferred is [HtmlFormatter.MimeType] && value is not IHtmlContent) return [HtmlFormatter.MimeType, PlainTextFormatter.MimeType];
        return preferred.Length > 0 ? preferred : [PlainTextFormatter.MimeType];
    }

    // A formatter is a guest: what it throws is shown in the value's place.
    private static void Add(JsonObject bundle, object? value, string mimeType)
    {
        bool isText = mimeType == PlainTextFormatter.MimeType;
        var writer = new LimitedWriter(isText ? TextLimit : Limit);
        try
        {
            if (value is string content && isText) writer.Write(content);       // a long one is not copied to be cut
            else value.FormatTo(new FormatContext(writer), mimeType);
        }
        catch (Exception error) when (error is not CellStoppedException)
        {
            if (!writer.IsFull) bundle[mimeType] = $"The {mimeType} formatter of {value?.GetType().Name} failed: {error.GetType().Name}: {error.Message}";
        }
        if (bundle.ContainsKey(mimeType) || (writer.IsFull && !isText)) return;

        string text = writer.ToString();
        if (writer.IsFull) text += $"\n[flowkit: cut after {TextLimit:N0} characters]";
        bundle[mimeType] = IsJson(mimeType) ? Parse(text) : text.ReplaceLineEndings("\n");
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
