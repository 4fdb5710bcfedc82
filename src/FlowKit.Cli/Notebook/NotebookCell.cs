using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>A cell of a notebook file.</summary>
internal sealed class NotebookCell(JsonObject json, int index)
{
    /// <summary>Its place in the file, from 0.</summary>
    public int Index => index;

    /// <summary>Whether it holds code.</summary>
    public bool IsCode => (string?)json["cell_type"] == "code";

    /// <summary>Its text.</summary>
    public string Source { get; } = NotebookText.Join(json["source"])!;

    /// <summary>Whether there is something to run.</summary>
    public bool IsRunnable => IsCode && !string.IsNullOrWhiteSpace(Source);

    /// <summary>Its first line of code, for people who watch.</summary>
    public string FirstLine => Source.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)) ?? "";

    /// <summary>The language its metadata name; null if they name none.</summary>
    public string? Language => Metadata("polyglot_notebook", "kernelName") ?? Metadata("dotnet_interactive", "language");

    /// <summary>The kinds of the errors it shows, in order.</summary>
    public IEnumerable<string> Errors => (json["outputs"] as JsonArray ?? []).OfType<JsonObject>()
        .Where(output => (string?)output["output_type"] == "error").Select(output => (string?)output["ename"] ?? "");

    /// <summary>Forgets what a code cell showed before.</summary>
    public void Clear() => Record(null, []);

    /// <summary>Stores what it showed now.</summary>
    public void Record(int? executionCount, JsonArray outputs)
    {
        if (!IsCode) return;
        json["execution_count"] = executionCount;
        json["outputs"] = outputs;
    }

    private string? Metadata(string section, string key) =>
        json["metadata"] is JsonObject metadata && metadata[section] is JsonObject named && named[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
