namespace FlowKit.Training;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder, sees it on the disk, then puts it in the file's place. A failure leaves the file as it was.</summary>
    /// <exception cref="IOException">It cannot be written, as where the disk is full.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        path = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(path)!, temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.tmp");
        Directory.CreateDirectory(folder);

        // Renamed while it is open: nobody else gets hold of the temporary file between its last byte and its new name.
        using var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 1 << 16);
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
}
