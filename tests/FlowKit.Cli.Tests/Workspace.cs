using System.Text.Json.Nodes;

namespace FlowKit.Cli.Tests;

/// <summary>A folder with notebooks, and what the command says about them.</summary>
public sealed class Workspace : IDisposable
{
    public Workspace() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"flowkit tests {Guid.NewGuid():N}");

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public string this[string file] => Path.Combine(Folder, file);

    public static JsonObject Code(string source) => new() { ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = source };

    public static JsonObject Document(params JsonObject[] cells) =>
        new() { ["cells"] = new JsonArray([.. cells]), ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 2 };

    /// <summary>Writes a notebook of code cells and returns its path.</summary>
    public string Notebook(params string[] cells) => Write("book.ipynb", Document([.. cells.Select(Code)]).ToJsonString());

    public string Write(string file, string text)
    {
        File.WriteAllText(this[file], text);
        return this[file];
    }

    public int Invoke(params string[] args) => Invoke(CancellationToken.None, args);

    public int Invoke(CancellationToken interrupt, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        int code = CommandLine.InvokeAsync(args, new CommandHost(output, error, HostEnvironment.Read()), interrupt).GetAwaiter().GetResult();
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    /// <summary>Runs code cells; the outputs of each, in a file that is valid nbformat.</summary>
    public JsonArray[] Run(string[] cells, params string[] options)
    {
        ExitCode = Invoke(["run", Notebook(cells), .. options]);
        var json = Read("book.ipynb");
        return [.. json["cells"]!.AsArray().Select(cell => cell!["outputs"]!.AsArray())];
    }

    public int ExitCode { get; private set; }

    /// <summary>A notebook that must be valid.</summary>
    public JsonObject Read(string file)
    {
        var json = JsonNode.Parse(File.ReadAllText(this[file]))!.AsObject();
        Assert.Empty(NotebookSchema.Violations(json));
        return json;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
