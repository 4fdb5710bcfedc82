using System.Collections.Concurrent;

namespace FlowKit.Training;

/// <summary>Chooses checkpoint files for trainings that do not name their own, if FLOWKIT_CHECKPOINTS names a folder.</summary>
/// <remarks>A file is named after its training and how many trainings of that name the process has begun, so that a notebook that runs again finds the same files.</remarks>
internal static class HostCheckpoints
{
    /// <summary>Name of the environment variable that holds the folder.</summary>
    public const string Variable = "FLOWKIT_CHECKPOINTS";

    private static readonly ConcurrentDictionary<string, int> begun = new();

    /// <summary>The file of the training that begins now; null if it keeps none.</summary>
    public static CheckpointOptions? Next(string name)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder) return null;

        string path = Path.Combine(Path.GetFullPath(folder), FileName.Of(name, otherwise: "training"));
        int count = begun.AddOrUpdate(path, 1, (_, before) => before + 1);
        return new($"{path}{(count > 1 ? $".{count}" : "")}.safetensors");
    }
}
