using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>A cell of a notebook file.</summary>
internal sealed class NotebookCell(JsonObject json, int index)
{
    /// <summary>Its place in the file, from 0.</summary>
    public int Index => index;

    /// <summary>code, markdown or raw.</summary>
    public string Kind => (string)json["cell_type"]!;

    /// <summary>Whether it holds code.</summary>
    public bool IsCode => Kind == "code";

    /// <summary>The outputs stored with it, as nbformat writes them.</summary>
    public IReadOnlyList<JsonNode?> Outputs => json["outputs"] is JsonArray outputs ? [.. outputs] : [];

    /// <summary>Whether it ran since it was last cleared.</summary>
    public bool HasRun => json["execution_count"] is not null;

    /// <summary>Its labels.</summary>
    public IEnumerable<string> Tags => ((json["metadata"] as JsonObject)?["tags"] as JsonArray ?? []).Select(NotebookText.Join).OfType<string>();

    /// <summary>The pictures stored beside its text, by name and MIME type; null: none.</summary>
    public JsonObject? Attachments => json["attachments"] is JsonObject { Count: > 0 } attachments ? attachments : null;

    /// <summary>Its text.</summary>
    public string Source { get; } = NotebookText.Join(json["source"])!;

    /// <summary>Whether the engine has anything to do for the cell.</summary>
    public bool IsRunnable => IsCode && !string.IsNullOrWhiteSpace(Source);

    /// <summary>Its first line of code, shown while the cell runs.</summary>
    public string FirstLine => Source.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)) ?? "";

    /// <summary>The language its metadata name; null if they name none.</summary>
    public string? Language => Metadata("polyglot_notebook", "kernelName") ?? Metadata("dotnet_interactive", "language");

    /// <summary>Whether the engine has something to do with its language.</summary>
    public bool IsKnown => Language?.ToLowerInvariant() is null or "csharp" or "c#" or "html" or "markdown";

    /// <summary>Its text as the engine reads it: a first line marks text that is only displayed.</summary>
    public string Code => Language?.ToLowerInvariant() is ("html" or "markdown") and var shown ? $"#!{shown}\n{Source}" : Source;

    /// <summary>The kinds of the errors it shows, in order.</summary>
    public IEnumerable<string> Errors => (json["outputs"] as JsonArray ?? []).OfType<JsonObject>()
        .Where(output => (string?)output["output_type"] == "error").Select(output => (string?)output["ename"] ?? "");

    /// <summary>Removes the outputs of a code cell.</summary>
    public void Clear() => Record(null, []);

    /// <summary>Stores the outputs of a run.</summary>
    public void Record(int? executionCount, JsonArray outputs)
    {
        if (!IsCode) return;
        json["execution_count"] = executionCount;
        json["outputs"] = outputs;
    }

    /// <summary>Removes what front ends recorded about a run or a window.</summary>
    public void ForgetVolatile()
    {
        if (json["metadata"] is not JsonObject metadata) return;
        foreach (string key in new[] { "execution", "ExecuteTime", "collapsed", "scrolled", "papermill" }) metadata.Remove(key);
        if (metadata["jupyter"] is not JsonObject window) return;
        window.Remove("outputs_hidden");
        window.Remove("source_hidden");
        if (window.Count == 0) metadata.Remove("jupyter");
    }

    private string? Metadata(string section, string key) =>
        json["metadata"] is JsonObject metadata && metadata[section] is JsonObject named && named[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
