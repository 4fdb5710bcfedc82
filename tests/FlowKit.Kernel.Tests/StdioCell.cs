using System.Text.Json;

namespace FlowKit.Kernel.Tests;

/// <summary>What a cell brought about.</summary>
/// <param name="Outputs">In order.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
public sealed record StdioCell(IReadOnlyList<StdioOutput> Outputs, string? Error)
{
    /// <summary>What it printed.</summary>
    public string Printed => string.Concat(Outputs.Where(output => output.Kind == "StandardOutputValueProduced").Select(output => output["text/plain"]));

    /// <summary>What the cell returned; null if nothing.</summary>
    public StdioOutput? Returned => Outputs.LastOrDefault(output => output.Kind == "ReturnValueProduced");
}

/// <summary>One event with something to show.</summary>
/// <param name="Kind">The event's name.</param>
/// <param name="Id">What updates of it name.</param>
/// <param name="Forms">By MIME type, in order.</param>
public sealed record StdioOutput(string Kind, string? Id, IReadOnlyList<(string MimeType, string Value)> Forms)
{
    /// <summary>The form of that type; null if there is none.</summary>
    public string? this[string mimeType] => Forms.FirstOrDefault(form => form.MimeType == mimeType).Value;

    internal static StdioOutput Of(JsonElement message)
    {
        var shown = message.GetProperty("event");
        return new(message.GetProperty("eventType").GetString()!, shown.TryGetProperty("valueId", out var id) ? id.GetString() : null,
            [.. shown.GetProperty("formattedValues").EnumerateArray().Select(form => (form.GetProperty("mimeType").GetString()!, form.GetProperty("value").GetString()!))]);
    }
}
