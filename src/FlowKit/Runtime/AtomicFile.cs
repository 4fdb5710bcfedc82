namespace FlowKit;

/// <summary>Writes a file completely or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a temporary file in the same folder, flushes it to the disk, then moves it into place. A failure leaves the original unchanged.</summary>
    /// <exception cref="IOException">The file cannot be written, for example because the disk is full.</exception>
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
    /// <summary>Checks that <see cref="Write"/> can begin.</summary>
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
