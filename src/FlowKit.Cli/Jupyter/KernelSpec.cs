using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>The folder by which Jupyter finds a kernel: <c>kernels/NAME/kernel.json</c> in one of Jupyter's data folders.</summary>
/// <param name="Name">What notebooks call it.</param>
/// <param name="Folder">Where it is.</param>
internal sealed record KernelSpec(string Name, string Folder)
{
    private const string Mark = "flowkit";
    private static readonly JsonSerializerOptions readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether there is a kernel of this name.</summary>
    public bool Exists => File.Exists(Json);

    /// <summary>Whether the kernel is FlowKit's.</summary>
    public bool IsOurs => Read(Json)?["metadata"]?[Mark] is not null;

    /// <summary>Writes the specification of FlowKit's kernel.</summary>
    /// <exception cref="NotebookException">It cannot be written.</exception>
    public void Write()
    {
        OutputFile.CreateFolder(Folder);
        OutputFile.Write(Json, Describe().ToJsonString(readable) + "\n");
    }

    private string Json => Path.Combine(Folder, "kernel.json");

    private static JsonObject Describe() => new()
    {
        ["argv"] = new JsonArray([.. OwnCommand.Words(), "kernel", "start", "{connection_file}"]),
        ["display_name"] = ".NET (C#), FlowKit",
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { [Mark] = KernelInfo.Version },
    };

    private static JsonNode? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;            // unreadable: not ours
        }
    }
}
