using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>The words that begin a cell of a .dib file as <c>#!word</c>, and the language each one means.</summary>
internal sealed class DibLanguages
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>The languages of .NET Interactive and those that a file's own header lists.</summary>
    /// <param name="kernelInfo">The header's <c>kernelInfo</c>, or null.</param>
    /// <param name="path">What error messages call the file.</param>
    /// <exception cref="NotebookException">The header lists them in an unexpected form.</exception>
    public DibLanguages(JsonNode? kernelInfo, string path)
    {
        Add("csharp", "c#", "C#", "cs");
        Add("fsharp", "f#", "F#", "fs");
        Add("pwsh", "powershell");
        Add("javascript", "js");
        Add("markdown", "md");
        foreach (string name in new[] { "html", "http", "kql", "mermaid", "raw", "sql", "value" }) Add(name);
        if (kernelInfo is null) return;

        if (kernelInfo is not JsonObject info) throw Refuse("\"kernelInfo\" as an object", kernelInfo, path);
        if (info["defaultKernelName"] is { } own) Default = Word(own, path);
        if (info["items"] is null) return;
        if (info["items"] is not JsonArray items) throw Refuse("the \"items\" of \"kernelInfo\" as a list", info["items"], path);
        foreach (var item in items)
        {
            if (item is not JsonObject language) throw Refuse("each of the \"items\" of \"kernelInfo\" as an object", item, path);
            if (language["aliases"] is not (null or JsonArray)) throw Refuse("\"aliases\" as a list", language["aliases"], path);
            Add(Word(language["name"], path), [.. (language["aliases"]?.AsArray() ?? []).Select(alias => Word(alias, path))]);
        }
    }

    /// <summary>The language of text before the first marker.</summary>
    public string Default { get; } = "csharp";

    /// <summary>Whether a marker of that name is understood.</summary>
    public bool Knows(string word) => names.ContainsKey(word);

    /// <summary>The language's own name.</summary>
    public string NameOf(string word) => names.GetValueOrDefault(word, word);

    /// <summary>The language of the cell that a line begins, or null if it is text.</summary>
    public string? Marked(string line) =>
        line.StartsWith("#!", StringComparison.Ordinal) && names.TryGetValue(line[2..].TrimEnd(), out string? name) ? name : null;

    /// <summary>Adds a name that the header does not list.</summary>
    public void Add(string name, params string[] aliases)
    {
        foreach (string word in aliases.Prepend(name)) names[word] = name;
    }

    private static string Word(JsonNode? node, string path) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } word && !word.Any(char.IsWhiteSpace)
            ? word
            : throw Refuse("a language's name as one word", node, path);

    private static NotebookException Refuse(string expected, JsonNode? came, string path) =>
        new($"{path}: not a notebook: expected {expected}, found {came?.ToJsonString() ?? "null"}");
}
