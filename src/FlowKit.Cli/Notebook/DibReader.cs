using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Reads the .dib format: a header <c>#!meta</c> with JSON, then cells that each begin with <c>#!language</c>.</summary>
internal static class DibReader
{
    private const string Meta = "#!meta";

    /// <summary>The same notebook as a JSON document of nbformat 4.</summary>
    /// <exception cref="NotebookException">The header is broken; the message names the file.</exception>
    public static JsonObject Read(string text, string path)
    {
        string[] lines = Lines(text);
        int first = Array.FindIndex(lines, line => line.Trim().Length > 0);
        int body = 0;
        var header = new JsonObject();
        if (first >= 0 && lines[first].TrimEnd() == Meta)
        {
            body = Array.FindIndex(lines, first + 1, line => line.StartsWith("#!", StringComparison.Ordinal));
            if (body < 0) body = lines.Length;
            header = Header(string.Join('\n', lines[(first + 1)..body]), path);
        }

        var kernelInfo = header["kernelInfo"];
        var languages = new DibLanguages(kernelInfo, path);
        header.Remove("kernelInfo");
        if (kernelInfo is not null)
        {
            if (header["polyglot_notebook"] is not JsonObject polyglot) header["polyglot_notebook"] = polyglot = [];
            polyglot["kernelInfo"] = kernelInfo;
        }
        return new() { ["cells"] = new JsonArray([.. Cells(lines[body..], languages)]), ["metadata"] = header, ["nbformat"] = 4, ["nbformat_minor"] = 5 };
    }

    // Windows line endings become plain ones; a file that mixes both is kept as it is.
    private static string[] Lines(string text)
    {
        if (text.Contains('\r') && text.Replace("\r\n", "").IndexOf('\n') < 0) text = text.Replace("\r\n", "\n");
        string[] lines = text.Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private static JsonObject Header(string json, string path)
    {
        try
        {
            var node = NotebookFile.ReadJson(json);
            return node as JsonObject ?? throw new NotebookException($"{path}: not a notebook: expected a JSON object after {Meta}, found {node?.ToJsonString() ?? "null"}");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new NotebookException($"{path}: not a notebook: expected JSON after {Meta}, found {error.Message}");
        }
    }

    private static IEnumerable<JsonNode> Cells(string[] lines, DibLanguages languages)
    {
        string? language = null;
        List<string> block = [];
        foreach (string line in lines)
        {
            if (languages.Marked(line) is not { } next)
            {
                block.Add(line);
                continue;
            }
            if (language is not null || block.Exists(text => text.Trim().Length > 0)) yield return Cell(language ?? languages.Default, block, isLast: false);
            language = next;
            block.Clear();
        }
        if (language is not null || block.Exists(text => text.Trim().Length > 0)) yield return Cell(language ?? languages.Default, block, isLast: true);
    }

    // One empty line after the marker and one before the next belong to the format.
    private static JsonObject Cell(string language, List<string> block, bool isLast)
    {
        int start = block is ["", ..] ? 1 : 0;
        int end = !isLast && block.Count > start && block[^1].Length == 0 ? block.Count - 1 : block.Count;
        var source = NotebookText.Split(string.Join('\n', block[start..end]));
        if (language is "markdown" or "raw") return new() { ["cell_type"] = language, ["metadata"] = new JsonObject(), ["source"] = source };
        return new()
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["metadata"] = new JsonObject
            {
                ["dotnet_interactive"] = new JsonObject { ["language"] = language },
                ["polyglot_notebook"] = new JsonObject { ["kernelName"] = language },
            },
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        };
    }
}
