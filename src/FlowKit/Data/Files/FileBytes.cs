using System.IO.Compression;

namespace FlowKit.Data;

/// <summary>A data file that is read from front to back, unpacked if it is gzip. Memory grows with the bytes that arrive, never with what a header claims.</summary>
internal sealed class FileBytes(Stream stream, string name) : IDisposable
{
    private const int Chunk = 1 << 20;

    /// <summary>The name used in messages.</summary>
    public string Name => name;

    /// <summary>The unpacked rest of the file.</summary>
    public Stream Stream => stream;

    public static FileBytes Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {Path.GetFullPath(path)}.", path);
        var file = File.OpenRead(path);
        bool packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return new(packed ? new GZipStream(file, CompressionMode.Decompress) : file, path);
    }

    /// <summary>A file that the library carries.</summary>
    public static FileBytes Embedded(string file) =>
        new(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(EmbeddedRoute.Open(file), CompressionMode.Decompress) : EmbeddedRoute.Open(file), file);

    /// <summary>Exactly that many bytes.</summary>
    /// <exception cref="InvalidDataException">The file ends early, or is not a gzip file after all.</exception>
    public byte[] Read(long count, string what)
    {
        if (count > Array.MaxLength) throw Wrong($"{what} of at most {Array.MaxLength} bytes", $"{count} bytes");
        byte[] bytes = new byte[Math.Min(count, Chunk)];
        for (int have = 0; ; Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length)))
        {
            have += Fill(bytes.AsSpan(have));
            if (have < bytes.Length) throw Wrong($"{count} bytes of {what}", $"the end after {have}");
            if (have == count) return bytes;
        }
    }

    /// <summary>Passes over everything up to the end.</summary>
    public void SkipToEnd()
    {
        byte[] chunk = new byte[1 << 16];
        while (Fill(chunk) > 0) { }
    }

    /// <summary>As many bytes as there are, up to so many; returns how many that were.</summary>
    public int Fill(Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException || error is IOException && error.Source == "System.IO.Compression")    // the last: data that ask for a dictionary
        {
            throw Wrong("whole compressed data", "damaged ones", error);
        }
    }

    /// <summary>Whether an exception is what damaged data make a reader of tar archives throw, and not a refusal that names this file already.</summary>
    public bool IsDamagedTar(Exception error) =>
        error is FormatException or OverflowException or EndOfStreamException or ArgumentException || error is InvalidDataException && !error.Message.StartsWith(name, StringComparison.Ordinal);

    /// <summary>Everything up to the end.</summary>
    public byte[] ReadToEnd()
    {
        using var rest = new MemoryStream();
        byte[] chunk = new byte[Chunk];
        for (int count; (count = Fill(chunk)) > 0;)
        {
            if (rest.Length + count > Array.MaxLength) throw Wrong($"at most {Array.MaxLength} bytes", "more");
            rest.Write(chunk, 0, count);
        }
        return rest.ToArray();
    }

    /// <exception cref="InvalidDataException">There is more.</exception>
    public void End(string what)
    {
        if (Fill(new byte[1]) > 0) throw Wrong($"its end after {what}", "more bytes");
    }

    /// <summary>The error of a file that is not what it should be.</summary>
    public InvalidDataException Wrong(string expected, string found, Exception? inner = null) => Wrong(Name, expected, found, inner);

    /// <inheritdoc cref="Wrong(string, string, Exception?)"/>
    public static InvalidDataException Wrong(string file, string expected, string found, Exception? inner = null) => new($"{file}: expected {expected}; found {found}.", inner);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
