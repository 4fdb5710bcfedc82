namespace FlowKit;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder, sees it on the disk, then puts it in the file's place. A failure leaves the file as it was.</summary>
    /// <exception cref="IOException">It cannot be written, as where the disk is full.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        path = Path.GetFullPath(path);
        string temporary = Temporary(path);

        // Renamed while it is open: nobody else gets hold of the temporary file between its last byte and its new name.
        using var stream = Open(temporary);
        try
        {
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
    /// <summary>Finds out whether <see cref="Write"/> can begin.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static void CheckWritable(string path)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path)) throw new IOException("It is a folder.");
        string temporary = Temporary(path);
        using (Open(temporary)) File.Delete(temporary);
    }

    private static string Temporary(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $".{Path.GetFileName(path)}.tmp");
    }

    private static FileStream Open(string temporary) =>
        new(temporary, FileMode.Create, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 1 << 16);
}
