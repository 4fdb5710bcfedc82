namespace FlowKit.Tests;

/// <summary>A folder of its own, gone afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("flowkit-").FullName;

    public string this[string file] => Path.Combine(folder, file);

    public string[] Files => [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order()];

    /// <summary>A new file of these bytes.</summary>
    public string Write(byte[] bytes)
    {
        string path = this[$"{Guid.NewGuid():N}"];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
