using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Writes the .dib format: sources, languages and the notebook's own metadata, without outputs.</summary>
internal static class DibWriter
{
    private static readonly JsonSerializerOptions compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's text.</summary>
    /// <param name="metadata">The notebook's, as nbformat stores it.</param>
    /// <param name="cells">In order.</param>
    /// <param name="path">What error messages call the notebook.</param>
    /// <exception cref="NotebookException">The format cannot hold the notebook.</exception>
    public static string Write(JsonObject metadata, IEnumerable<NotebookCell> cells, string path)
    {
        var header = new JsonObject(metadata.Where(entry => !IsDefault(entry.Key, entry.Value)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        if (header["kernelInfo"] is not null) throw Refuse(path, "its metadata has a \"kernelInfo\" of its own");
        var kernelInfo = TakeKernelInfo(header, metadata);
        var languages = new DibLanguages(kernelInfo, path);

        List<(string Language, string Source)> blocks = [.. cells.Select(cell => Block(cell, languages))];
        foreach (string language in blocks.Select(block => block.Language).Where(name => !languages.Knows(name)).Distinct().ToArray())
        {
            if (language.Length == 0 || language == "meta" || language.Any(char.IsWhiteSpace)) throw Refuse(path, $"a cell's language is '{language}'");
            languages.Add(language);
            if (kernelInfo["items"] is not JsonArray items) kernelInfo["items"] = items = [];
            items.Add(new JsonObject { ["aliases"] = new JsonArray(), ["name"] = language });
        }
        for (int i = 0; i < blocks.Count; i++) Check(blocks[i].Source, i + 1, languages, path);

        header.Insert(0, "kernelInfo", kernelInfo);
        return $"#!meta\n\n{header.ToJsonString(compact)}\n" + string.Concat(blocks.Select(block => $"\n#!{block.Language}\n\n{block.Source}\n"));
    }

    private static bool IsDefault(string key, JsonNode? value) => Notebook.DefaultMetadata.TryGetPropertyValue(key, out var own) && JsonNode.DeepEquals(own, value);

    private static JsonObject TakeKernelInfo(JsonObject header, JsonObject metadata)
    {
        var own = (header["polyglot_notebook"] as JsonObject)?["kernelInfo"] as JsonObject;
        if (own is not null && header["polyglot_notebook"] is JsonObject polyglot)
        {
            polyglot.Remove("kernelInfo");
            if (polyglot.Count == 0) header.Remove("polyglot_notebook");
        }
        return own ?? Notebook.DefaultMetadata["polyglot_notebook"]!["kernelInfo"]!.DeepClone().AsObject();
    }

    // A code cell may name its language in its first line, as notebooks of other front ends do.
    private static (string Language, string Source) Block(NotebookCell cell, DibLanguages languages)
    {
        if (!cell.IsCode) return (cell.Kind, cell.Source);
        int end = cell.Source.IndexOf('\n');
        if (languages.Marked(end < 0 ? cell.Source : cell.Source[..end]) is { } named) return (named, end < 0 ? "" : cell.Source[(end + 1)..]);
        return (languages.NameOf(cell.Language ?? languages.Default), cell.Source);
    }

    private static void Check(string source, int number, DibLanguages languages, string path)
    {
        string[] lines = source.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            if (languages.Marked(lines[i]) is not null)
                throw Refuse(path, $"cell {number}, a line '{lines[i].TrimEnd()}' would begin a new cell there (split the cell first)");
    }

    private static NotebookException Refuse(string path, string reason) => new($"{path}: cannot be stored as .dib: {reason}");
}
