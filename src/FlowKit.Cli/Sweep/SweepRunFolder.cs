using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FlowKit.Cli;

/// <summary>The folder of one run: its request, its outcome, and its results.</summary>
internal sealed class SweepRunFolder(string path)
{
    private static readonly JsonSerializerOptions json = new() { WriteIndented = true };

    /// <summary>Full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What the run printed.</summary>
    public string Log => this["log.txt"];

    /// <summary>The tables of results.</summary>
    public string Results => this["results"];

    /// <summary>The state of its trainings.</summary>
    public string Checkpoints => this["checkpoints"];

    /// <summary>A file of it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The requested work; null before it has been stored.</summary>
    public SweepRequest? Request
    {
        get => Read<SweepRequest>("run.json");
        set => Write("run.json", value!);
    }

    /// <summary>The outcome; null while the run has not ended.</summary>
    public SweepOutcome? Outcome
    {
        get => Read<SweepOutcome>("outcome.json");
        set => Write("outcome.json", value!);
    }

    /// <summary>Deletes the outcome before another attempt.</summary>
    public void ClearOutcome() => File.Delete(this["outcome.json"]);

    /// <summary>A digest of a notebook's code, without outputs and prose.</summary>
    public static string CodeOf(Notebook notebook) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', notebook.Cells.Where(cell => cell.IsCode).Select(cell => cell.Source)))))[..16];

    private T? Read<T>(string name) where T : class
    {
        try
        {
            return File.Exists(this[name]) ? JsonSerializer.Deserialize<T>(File.ReadAllText(this[name])) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{this[name]}: cannot be read: {error.Message}");
        }
    }

    private void Write<T>(string name, T value)
    {
        OutputFile.CreateFolder(Path);
        OutputFile.Write(this[name], JsonSerializer.Serialize(value, json));
    }
}
