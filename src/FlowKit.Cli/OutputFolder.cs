namespace FlowKit.Cli;

/// <summary>The folder that results go to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes it where it does not exist.</summary>
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
