namespace FlowKit.Cli;

/// <summary>Writes the files of a command; an error names the file.</summary>
internal static class OutputFile
{
    /// <summary>Writes a text whole or not at all.</summary>
    /// <exception cref="NotebookException">It cannot be written; the file is as it was.</exception>
    public static void Write(string path, string text) => Guard(path, "cannot be written", () => AtomicFile.Write(path, text));

    /// <summary>Finds out now whether <see cref="Write"/> can work later.</summary>
    /// <exception cref="NotebookException">It cannot; the message names the file and the reason.</exception>
    public static void CheckWritable(string path) => Guard(path, "cannot be written", () => AtomicFile.CheckWritable(path));

    /// <summary>Creates a folder that does not exist yet.</summary>
    /// <exception cref="NotebookException">It cannot be created.</exception>
    public static void CreateFolder(string folder) => Guard(folder, "cannot be created", () => Directory.CreateDirectory(folder));

    private static void Guard(string path, string problem, Action act)
    {
        try
        {
            act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new NotebookException($"{path}: {problem}: {error.Message}");
        }
    }
}
