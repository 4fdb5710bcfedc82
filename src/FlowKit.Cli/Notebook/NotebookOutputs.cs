using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Collects a cell's outputs in the notebook format.</summary>
internal sealed class NotebookOutputs(int executionCount)
{
    private readonly List<JsonObject> outputs = [];
    private readonly Dictionary<string, JsonObject> displays = [];
    private readonly List<string> pieces = [];          // of the stream output being written
    private string? stream;

    /// <summary>How many pictures there are.</summary>
    public int Pictures => outputs.Count(output => output["data"] is JsonObject data && IsPicture(data));

    /// <summary>The error, if the cell failed.</summary>
    public CellOutput.Error? Error { get; private set; }

    /// <summary>Adds an output; text that follows text of the same stream joins it.</summary>
    public void Add(CellOutput output)
    {
        if (output is CellOutput.Stream text)
        {
            if (text.Name != stream) EndStream();
            stream = text.Name;
            pieces.Add(text.Text);
            return;
        }

        EndStream();
        switch (output)
        {
            case CellOutput.Display shown: outputs.Add(displays[shown.Id] = new() { ["data"] = Data(shown.Data), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" }); break;
            case CellOutput.Update update: Update(update); break;
            case CellOutput.Result result: outputs.Add(new() { ["data"] = Data(result.Data), ["execution_count"] = executionCount, ["metadata"] = new JsonObject(), ["output_type"] = "execute_result" }); break;
            case CellOutput.Error error: outputs.Add(Failure(error)); break;
        }
    }

    /// <summary>Replaces a value that this cell displays; false if it displays none with that id.</summary>
    public bool Update(CellOutput.Update update)
    {
        if (!displays.TryGetValue(update.Id, out var display)) return false;
        display["data"] = Data(update.Data);
        return true;
    }

    /// <summary>All outputs so far.</summary>
    public JsonArray ToJson()
    {
        EndStream();
        return [.. outputs.Select(output => output.DeepClone())];
    }

    private void EndStream()
    {
        if (stream is not null) outputs.Add(new() { ["name"] = stream, ["output_type"] = "stream", ["text"] = NotebookText.Split(string.Concat(pieces)) });
        stream = null;
        pieces.Clear();
    }

    private JsonObject Failure(CellOutput.Error error)
    {
        Error = error;
        return new()
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Value,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
        };
    }

    // Text as lines; base64 and JSON as they are.
    private static JsonObject Data(JsonObject bundle) => new(bundle.Select(entry => KeyValuePair.Create(entry.Key, entry.Value switch
    {
        JsonValue value when value.TryGetValue(out string? text) && IsText(entry.Key) => NotebookText.Split(text),
        _ => entry.Value?.DeepClone(),
    })));

    // A figure's HTML carries its picture.
    private static bool IsPicture(JsonObject data) =>
        data.ContainsKey("image/png") || NotebookText.Join(data["text/html"])?.StartsWith("<div data-flowkit=", StringComparison.Ordinal) == true;

    private static bool IsText(string mimeType) => mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType == "image/svg+xml";
}
