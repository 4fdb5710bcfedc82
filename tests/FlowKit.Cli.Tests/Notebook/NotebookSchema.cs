using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowKit.Cli.Tests;

/// <summary>The rules of the nbformat 4.5 schema that a runner can break.</summary>
internal static partial class NotebookSchema
{
    public static IEnumerable<string> Violations(JsonObject book)
    {
        if ((int?)book["nbformat"] != 4) yield return "nbformat is 4";
        if ((int?)book["nbformat_minor"] is not >= 5) yield return "nbformat_minor is at least 5";
        if (book["metadata"] is not JsonObject) yield return "metadata is an object";
        if (book["metadata"]?["kernelspec"] is JsonObject kernel && (!IsString(kernel["name"]) || !IsString(kernel["display_name"]))) yield return "a kernelspec has name and display_name";
        if (book["metadata"]?["language_info"] is JsonObject language && !IsString(language["name"])) yield return "language_info has a name";
        if (book.Any(entry => entry.Key is not ("metadata" or "nbformat" or "nbformat_minor" or "cells"))) yield return "no other top-level keys";

        var ids = new HashSet<string>();
        foreach (var cell in book["cells"]!.AsArray().Select(cell => cell!.AsObject()))
        {
            if (!IsString(cell["id"]) || !IdPattern().IsMatch((string)cell["id"]!) || !ids.Add((string)cell["id"]!)) yield return "each cell has a unique id";
            if (cell["metadata"] is not JsonObject) yield return "a cell has metadata";
            if (!IsText(cell["source"])) yield return "a source is text";
            foreach (string violation in CellViolations(cell)) yield return violation;
        }
    }

    private static IEnumerable<string> CellViolations(JsonObject cell)
    {
        string[] allowed = (string)cell["cell_type"]! switch
        {
            "code" => ["id", "cell_type", "metadata", "source", "outputs", "execution_count"],
            "markdown" or "raw" => ["id", "cell_type", "metadata", "source", "attachments"],
            _ => [],
        };
        if (cell.Any(entry => !allowed.Contains(entry.Key))) yield return "no other keys in a cell";
        if ((string)cell["cell_type"]! != "code") yield break;

        if (!cell.ContainsKey("execution_count") || cell["execution_count"] is { } count && count.GetValueKind() != JsonValueKind.Number) yield return "execution_count is a number or null";
        foreach (var output in cell["outputs"]!.AsArray().Select(output => output!.AsObject()))
        {
            bool valid = (string)output["output_type"]! switch
            {
                "stream" => Has(output, "name", "text") && (string)output["name"]! is "stdout" or "stderr" && IsText(output["text"]),
                "display_data" => Has(output, "data", "metadata") && IsBundle(output["data"]),
                "execute_result" => Has(output, "data", "metadata", "execution_count") && IsBundle(output["data"]),
                "error" => Has(output, "ename", "evalue", "traceback") && IsString(output["ename"]) && IsString(output["evalue"]) && output["traceback"]!.AsArray().All(IsString),
                _ => false,
            };
            if (!valid) yield return $"an output is one of four kinds: {output.ToJsonString()}";
        }
    }

    private static bool Has(JsonObject output, params string[] keys) => output.Select(entry => entry.Key).Order().SequenceEqual(keys.Append("output_type").Order());

    // JSON types hold JSON, all others text.
    private static bool IsBundle(JsonNode? data) => data is JsonObject bundle && bundle.All(entry => entry.Key.EndsWith("json", StringComparison.Ordinal) || IsText(entry.Value));

    private static bool IsText(JsonNode? node) => IsString(node) || node is JsonArray lines && lines.All(IsString);

    private static bool IsString(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    [GeneratedRegex("^[a-zA-Z0-9-_]{1,64}$")]
    private static partial Regex IdPattern();
}
