namespace FlowKit.Cli;

/// <summary>Folders on the disk.</summary>
internal static class Folders
{
    /// <summary>Makes a folder where it is not there.</summary>
    /// <exception cref="NotebookException">It cannot be made.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{folder}: cannot be made: {error.Message}");
        }
    }
}
