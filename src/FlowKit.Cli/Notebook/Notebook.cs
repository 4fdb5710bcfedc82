using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>A notebook file in memory. Content that this program does not know is preserved.</summary>
internal sealed class Notebook
{
    private readonly JsonObject json;
    private readonly string path;

    /// <summary>The notebook in a JSON document that <see cref="NotebookFile"/> has checked.</summary>
    public Notebook(JsonObject json, string path)
    {
        this.json = json;
        this.path = path;
        JsonObject[] cells = [.. json["cells"]!.AsArray().Select(cell => cell!.AsObject())];
        Cells = [.. cells.Select((cell, index) => new NotebookCell(cell, index))];

        json["nbformat_minor"] = Math.Max(5, (int)json["nbformat_minor"]!);
        AddMetadata(json["metadata"]!.AsObject());
        AddIds(cells);
    }

    /// <summary>The metadata by which Jupyter and .NET Interactive recognize a C# notebook.</summary>
    public static JsonObject DefaultMetadata { get; } = new()
    {
        ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
        ["language_info"] = new JsonObject
        {
            ["file_extension"] = ".cs",
            ["mimetype"] = "text/x-csharp",
            ["name"] = "C#",
            ["pygments_lexer"] = "csharp",
            ["version"] = "13.0",
        },
        ["polyglot_notebook"] = new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = "csharp",
                ["items"] = new JsonArray(new JsonObject { ["aliases"] = new JsonArray(), ["name"] = "csharp" }),
            },
        },
    };

    /// <summary>Its cells, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The kinds of the errors that its cells show, in order.</summary>
    public IReadOnlyList<string> Errors => [.. Cells.SelectMany(cell => cell.Errors)];

    /// <summary>The file's text, as Jupyter would write it.</summary>
    public override string ToString() => NotebookJson.Write(json);

    /// <summary>The same without outputs, in the .dib format.</summary>
    /// <exception cref="NotebookException">The format cannot hold it.</exception>
    public string ToDib() => DibWriter.Write(json["metadata"]!.AsObject(), Cells, path);

    /// <summary>The file that the notebook was made from, if it is recorded.</summary>
    public string? Origin
    {
        get => json["metadata"]!["flowkit"] is JsonObject own ? NotebookText.Join(own["origin"]) : null;
        set => json["metadata"]!["flowkit"] = new JsonObject { ["origin"] = value };
    }

    /// <summary>Removes outputs, execution counts, and what front ends recorded about a run or a window.</summary>
    public void Clear()
    {
        foreach (var cell in Cells)
        {
            cell.Clear();
            cell.ForgetVolatile();
        }
        foreach (string key in new[] { "papermill", "signature", "widgets" }) json["metadata"]!.AsObject().Remove(key);
    }

    private static void AddMetadata(JsonObject metadata)
    {
        foreach (var (key, value) in DefaultMetadata)
            if (!metadata.ContainsKey(key))
                metadata[key] = value!.DeepClone();
    }

    // An id depends on the cell alone, so that a second run writes the same file.
    private void AddIds(JsonObject[] cells)
    {
        var taken = new HashSet<string>();
        List<int> without = [];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i].TryAdd("metadata", new JsonObject());
            if (cells[i]["id"] is not JsonValue value || !value.TryGetValue(out string? id) || !IsId(id) || !taken.Add(id)) without.Add(i);
        }
        foreach (int i in without)
            for (int attempt = 0; ; attempt++)
            {
                byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{i}/{attempt}/{Cells[i].Source}"));
                string id = Convert.ToHexStringLower(hash.AsSpan(0, 4));
                if (!taken.Add(id)) continue;
                cells[i]["id"] = id;
                break;
            }
    }

    private static bool IsId(string text) => text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
