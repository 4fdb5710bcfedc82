namespace FlowKit.Cli;

/// <summary>How a notebook's outputs name source files: never by a path of the machine.</summary>
internal static class CellPath
{
    /// <summary>Relative to the session's folder where the file lies under it, else its name alone.</summary>
    public static string Show(string path, string directory)
    {
        if (!Path.IsPathRooted(path)) return path;
        string relative = Path.GetRelativePath(directory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFileName(path) : relative.Replace('\\', '/');
    }
}
