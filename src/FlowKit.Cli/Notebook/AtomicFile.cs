namespace FlowKit.Cli;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Finds out now whether <see cref="Write"/> can work later.</summary>
    /// <exception cref="NotebookException">It cannot; the message names the file and the reason.</exception>
    public static void CheckWritable(string path) => Guard(path, target =>
    {
        if (Directory.Exists(target)) throw new IOException("it is a folder");
        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly)) throw new IOException("it is read-only");
        string probe = Temporary(target);
        File.WriteAllText(probe, "");
        File.Delete(probe);
    });

    /// <summary>Writes the text beside the file, then puts it in the file's place.</summary>
    /// <exception cref="NotebookException">It cannot be written; the file is as it was.</exception>
    public static void Write(string path, string text) => Guard(path, target =>
    {
        string temporary = Temporary(target);
        try
        {
            File.WriteAllText(temporary, text);
            if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    });

    private static void Guard(string path, Action<string> act)
    {
        try
        {
            // A link stays one: what it points to is written. A bare name's target would be looked for in the root folder.
            act(File.Exists(path) ? File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true)?.FullName ?? path : path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new NotebookException($"{path}: cannot be written: {error.Message}");
        }
    }

    private static string Temporary(string path) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
}
