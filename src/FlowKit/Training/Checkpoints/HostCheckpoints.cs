using System.Collections.Concurrent;

namespace FlowKit.Training;

/// <summary>Where a training that names no checkpoint of its own keeps one, if FLOWKIT_CHECKPOINTS names a folder.</summary>
/// <remarks>A training's file is known by its name, and by how many of that name the process began before: a notebook that runs again begins the same ones.</remarks>
internal static class HostCheckpoints
{
    /// <summary>Name of the environment variable that holds the folder.</summary>
    public const string Variable = "FLOWKIT_CHECKPOINTS";

    private static readonly ConcurrentDictionary<string, int> begun = new();

    /// <summary>The file of the training that begins now; null where none is kept.</summary>
    public static CheckpointOptions? Next(string name)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder) return null;

        string path = Path.Combine(Path.GetFullPath(folder), FileName.Of(name, otherwise: "training"));
        int count = begun.AddOrUpdate(path, 1, (_, before) => before + 1);
        return new($"{path}{(count > 1 ? $".{count}" : "")}.safetensors");
    }
}
