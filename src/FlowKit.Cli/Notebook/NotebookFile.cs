using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Reads a notebook file, and reports what is wrong with a file that is not a notebook.</summary>
internal static class NotebookFile
{
    private const long MostBytes = 256 << 20;

    private static JsonDocumentOptions JsonOptions { get; } = new() { AllowDuplicateProperties = false, MaxDepth = 256 };

    /// <summary>Whether a file of that name is in the .dib format; all others are .ipynb.</summary>
    public static bool IsDib(string path) => Path.GetExtension(path).Equals(".dib", StringComparison.OrdinalIgnoreCase);

    /// <summary>The notebook in a file.</summary>
    /// <exception cref="NotebookException">The file cannot be read, or is neither .dib nor a C# notebook of nbformat 4; the message names it and what was expected.</exception>
    public static Notebook Read(string path) => Parse(ReadText(path), path);

    /// <summary>The notebook in the text of a file.</summary>
    /// <exception cref="NotebookException">The text is not a notebook; the message names the file and what was expected.</exception>
    public static Notebook Parse(string text, string path) => new(IsDib(path) ? DibReader.Read(text, path) : Check(ParseJson(text, path), path), path);

    /// <summary>The JSON with all its strings decoded, so that a malformed string is found here.</summary>
    /// <exception cref="JsonException">The text is not JSON; an <see cref="InvalidOperationException"/> or <see cref="ArgumentException"/> means the same.</exception>
    public static JsonNode? ReadJson(string text)
    {
        var json = JsonNode.Parse(SurrogateEscapes.Mend(text), documentOptions: JsonOptions);
        json?.ToJsonString();
        return json;
    }

    /// <summary>A file's text.</summary>
    /// <exception cref="NotebookException">It cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            if (new FileInfo(path).Length is > MostBytes and var size) throw Refuse(path, $"at most {MostBytes >> 20} MB", $"{size >> 20} MB");
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw Refuse(path, "text in UTF-8", error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{path}: cannot be read: {error.Message}");
        }
    }

    private static JsonNode? ParseJson(string text, string path)
    {
        try
        {
            return ReadJson(text);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw Refuse(path, "JSON", error.Message);
        }
    }

    private static JsonObject Check(JsonNode? json, string path)
    {
        if (json is not JsonObject root) throw Refuse(path, "a JSON object", Kind(json));
        if (Integer(root["nbformat"]) != 4) throw Refuse(path, "\"nbformat\": 4", root.ContainsKey("nbformat") ? $"\"nbformat\": {root["nbformat"]?.ToJsonString() ?? "null"}" : "no \"nbformat\"");

        if (Integer(root["nbformat_minor"]) is null) root["nbformat_minor"] = 0;
        if (root["cells"] is not JsonArray cells) throw Refuse(path, "a list of \"cells\"", root.ContainsKey("cells") ? Kind(root["cells"]) : "no \"cells\"");
        if (!root.ContainsKey("metadata")) root["metadata"] = new JsonObject();
        if (root["metadata"] is not JsonObject metadata) throw Refuse(path, "\"metadata\" as an object", Kind(root["metadata"]));

        for (int i = 0; i < cells.Count; i++) CheckCell(cells[i], $"cells[{i}]", path);
        CheckLanguage(metadata, path);
        return root;
    }

    private static void CheckCell(JsonNode? json, string place, string path)
    {
        if (json is not JsonObject cell) throw Refuse(path, $"{place} as an object", Kind(json));
        if (NotebookText.Join(cell["cell_type"]) is not ("code" or "markdown" or "raw") || cell["cell_type"] is JsonArray)
            throw Refuse(path, $"\"cell_type\" of {place} to be code, markdown or raw", cell["cell_type"]?.ToJsonString() ?? "none");
        if (NotebookText.Join(cell["source"]) is null) throw Refuse(path, $"\"source\" of {place} as a string or a list of strings", Kind(cell["source"]));
        if (cell.ContainsKey("metadata") && cell["metadata"] is not JsonObject) throw Refuse(path, $"\"metadata\" of {place} as an object", Kind(cell["metadata"]));
    }

    private static void CheckLanguage(JsonObject metadata, string path)
    {
        string? language = metadata["kernelspec"] is JsonObject kernel ? NotebookText.Join(kernel["language"]) : null;
        if (language?.ToLowerInvariant() is not (null or "c#" or "csharp" or "polyglot-notebook")) throw Refuse(path, "a C# notebook", $"one whose kernel speaks {language}");
    }

    private static int? Integer(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    private static string Kind(JsonNode? node) => node?.GetValueKind().ToString().ToLowerInvariant() ?? "null";

    private static NotebookException Refuse(string path, string expected, string came) => new($"{path}: not a notebook: expected {expected}, found {came}");
}
