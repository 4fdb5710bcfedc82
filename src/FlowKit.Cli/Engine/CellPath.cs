namespace FlowKit.Cli;

/// <summary>The names of source files in a notebook's outputs, which never contain a path of the machine.</summary>
internal static class CellPath
{
    /// <summary>The path relative to the session's folder if the file is inside it; otherwise the file name alone.</summary>
    public static string Show(string path, string directory)
    {
        if (!Path.IsPathRooted(path)) return path;
        string relative = Path.GetRelativePath(directory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFileName(path) : relative.Replace('\\', '/');
    }
}
