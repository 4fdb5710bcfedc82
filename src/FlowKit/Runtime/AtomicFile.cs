using System.Text;

namespace FlowKit;

/// <summary>Writes a file whole or not at all. A link stays a link, and a file keeps its Unix mode.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder, flushes it to the disk, then renames it. A failure leaves the file as it was.</summary>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file does not allow it.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        string target = Resolve(path);

        // Renamed while it is open: nobody else gets hold of the temporary file between its last byte and its new name.
        using var stream = OpenTemporary(target);
        try
        {
            write(stream);
            stream.Flush(flushToDisk: true);
            if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
            File.Move(stream.Name, target, overwrite: true);
        }
        catch
        {
            File.Delete(stream.Name);
            throw;
        }
    }

    /// <summary>Writes a text in UTF-8.</summary>
    /// <inheritdoc cref="Write(string, Action{FileStream})" path="/exception"/>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Finds out now whether <see cref="Write(string, Action{FileStream})"/> can begin later.</summary>
    /// <inheritdoc cref="Write(string, Action{FileStream})" path="/exception"/>
    public static void CheckWritable(string path)
    {
        string target = Resolve(path);
        if (Directory.Exists(target)) throw new IOException("It is a folder.");
        if (File.Exists(target) && File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly)) throw new IOException("It is read-only.");
        using var stream = OpenTemporary(target);
        File.Delete(stream.Name);
    }

    private static string Resolve(string path)
    {
        path = Path.GetFullPath(path);
        return File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
    }

    // The usual name is the same every time, so that what a killed process leaves behind is replaced; it is taken while another process writes the same file.
    private static FileStream OpenTemporary(string target)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}");
        try
        {
            return Open($"{temporary}.tmp");
        }
        catch (IOException)
        {
            return Open($"{temporary}.{Guid.NewGuid():N}.tmp");
        }
    }

    private static FileStream Open(string temporary) =>
        new(temporary, FileMode.Create, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 1 << 16);
}
