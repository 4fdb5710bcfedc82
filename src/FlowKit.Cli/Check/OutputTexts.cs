using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>The text of a cell's stored outputs.</summary>
internal static class OutputTexts
{
    private const string Tag = "nbval-ignore-output";
    private const string TimeLine = "Wall time: ";

    /// <summary>The kind and the text of each output; an output without text is represented by its MIME types.</summary>
    /// <remarks>The time that <c>#!time</c> measures is left out. Of a cell with the tag <c>nbval-ignore-output</c> only errors remain.</remarks>
    public static IReadOnlyList<(string Kind, string Text)> Of(NotebookCell cell)
    {
        var texts = cell.Outputs.OfType<JsonObject>().Select(Read).Where(output => output.Text.Length > 0);
        return [.. cell.Tags.Contains(Tag) ? texts.Where(output => output.Kind == "error") : texts];
    }

    /// <summary>Whether the cell stored an error.</summary>
    public static bool HasError(NotebookCell cell) => cell.Outputs.OfType<JsonObject>().Any(output => NotebookText.Join(output["output_type"]) == "error");

    private static (string Kind, string Text) Read(JsonObject output) => NotebookText.Join(output["output_type"]) switch
    {
        "stream" => (NotebookText.Join(output["name"]) ?? "stream", Untimed(NotebookText.Join(output["text"]) ?? "")),
        "error" => ("error", $"{NotebookText.Join(output["ename"])}: {NotebookText.Join(output["evalue"])}"),
        "execute_result" => ("value", Plain(output["data"])),
        var kind => (kind == "display_data" ? "display" : kind ?? "output", Plain(output["data"])),
    };

    private static string Plain(JsonNode? data) => data is not JsonObject bundle ? "[nothing]"
        : NotebookText.Join(bundle["text/plain"]) is { Length: > 0 } text ? text
        : $"[{string.Join(", ", bundle.Select(entry => entry.Key).Order(StringComparer.Ordinal))}]";

    private static string Untimed(string text) => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith(TimeLine, StringComparison.Ordinal)));
}
