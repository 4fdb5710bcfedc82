using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowKit.Training;

/// <summary>The file of a training's state.</summary>
/// <param name="path">The file.</param>
/// <param name="settings">What decides the training's course, in words: it goes on only where they are the same.</param>
internal sealed class Checkpoint(string path, IReadOnlyDictionary<string, string> settings)
{
    private const string VersionKey = "flowkit.checkpoint", Version = "1", StateKey = "flowkit.state", SettingsKey = "flowkit.settings";
    private static readonly JsonSerializerOptions json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Replaces the file.</summary>
    /// <exception cref="CheckpointException">It cannot be written; the one before is still there.</exception>
    public void Save(TrainingState state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        try
        {
            SafeTensors.Write(path, tensors, new Dictionary<string, string>
            {
                [VersionKey] = Version,
                [StateKey] = JsonSerializer.Serialize(state, json),
                [SettingsKey] = JsonSerializer.Serialize(settings),
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable($"of step {state.Step} ", error);
        }
    }

    /// <summary>Finds out before the first step whether the file can be written later.</summary>
    /// <exception cref="CheckpointException">It cannot.</exception>
    public void CheckWritable()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            AtomicFile.CheckWritable(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable("", error);
        }
    }

    private CheckpointException Unwritable(string which, Exception error) =>
        new($"The checkpoint {which}cannot be written to {path}: {error.Message} {(File.Exists(path) ? "The one before it is still there." : "There is none before it.")}", error);

    /// <summary>The state and its tensors, in the caller's dispose scope; null where there is no file.</summary>
    /// <exception cref="CheckpointException">The file is damaged, no checkpoint, of another version, or of another training.</exception>
    public (TrainingState State, Dictionary<string, Tensor> Tensors)? Load()
    {
        if (!File.Exists(path)) return null;

        try
        {
            var (tensors, metadata) = SafeTensorsReader.Read(path);
            if (!metadata.TryGetValue(VersionKey, out string? version)) throw Refuse("holds tensors and no state of a training");
            if (version != Version) throw Refuse($"has version {version}; this program reads version {Version}");

            if (!metadata.ContainsKey(SafeTensorsWriter.ChecksumKey)) throw Refuse("has lost its checksum");

            var theirs = JsonSerializer.Deserialize<Dictionary<string, string>>(metadata.GetValueOrDefault(SettingsKey, "{}")) ?? [];
            if (Difference(theirs) is { } difference) throw Refuse($"belongs to another training: {difference}");

            return (JsonSerializer.Deserialize<TrainingState>(metadata.GetValueOrDefault(StateKey, "null"), json) ?? throw Refuse("has no state"), tensors);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            throw new CheckpointException($"The checkpoint cannot be read. {error.Message} {Advice}", error);
        }
    }

    /// <summary>The error that says why a file is not gone on from.</summary>
    public CheckpointException Refuse(string why) => new($"The checkpoint {path} {why}. {Advice}");

    private const string Advice = "Delete the file, or name another, to begin anew.";

    private string? Difference(Dictionary<string, string> theirs)
    {
        string[] names = [.. settings.Keys.Union(theirs.Keys).Where(name => settings.GetValueOrDefault(name) != theirs.GetValueOrDefault(name))];
        return names.Length == 0 ? null
            : string.Join("; ", names.Select(name => $"{name} is {theirs.GetValueOrDefault(name, "unknown")} there and {settings.GetValueOrDefault(name, "unknown")} here"));
    }
}
