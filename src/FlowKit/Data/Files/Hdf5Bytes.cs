namespace FlowKit.Data;

/// <summary>An HDF5 file by its addresses. Nothing is read behind the end, no claim allocates more than the file holds, and a structure that leads back into itself comes to an end.</summary>
internal sealed class Hdf5Bytes : IDisposable
{
    /// <summary>The address that means nowhere.</summary>
    public const ulong Nowhere = ulong.MaxValue;

    private const int LargestStructure = 1 << 26;

    private readonly FileStream file;
    private long allowance;

    public Hdf5Bytes(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {Path.GetFullPath(path)}.", path);
        (Name, file) = (path, File.OpenRead(path));
        allowance = 4 * Length + LargestStructure;
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    public long Length => file.Length;

    /// <summary>Where address 0 lies in the file.</summary>
    public ulong Base { get; set; }

    /// <summary>Part of the file's structure.</summary>
    /// <exception cref="InvalidDataException">It goes past the end; or all structures together are larger than the file: some are read in a circle.</exception>
    public Hdf5Cursor At(ulong address, long count, string what)
    {
        if (count > LargestStructure) throw Wrong($"{what} of at most {LargestStructure} bytes", $"{count} bytes");
        Check(address, count, what);
        if ((allowance -= count) < 0) throw Wrong("structures that end", $"{what} that lead back into themselves");
        byte[] bytes = new byte[count];
        Read(address, bytes, what);
        return new(bytes, what, this);
    }

    /// <summary>Part of the numbers.</summary>
    /// <exception cref="InvalidDataException">It goes past the end.</exception>
    public void Read(ulong address, Span<byte> bytes, string what)
    {
        Check(address, bytes.Length, what);
        file.Position = (long)(Base + address);
        file.ReadExactly(bytes);
    }

    /// <exception cref="InvalidDataException">Those bytes go past the end.</exception>
    public void Check(ulong address, long count, string what)
    {
        if (count < 0 || address == Nowhere || (Int128)Base + address + count > Length)
            throw Wrong($"{count} bytes of {what} at {(address == Nowhere ? "an address" : address)}", address == Nowhere ? "none: it was never written" : $"the end at {Length}");
    }

    public InvalidDataException Wrong(string expected, string found, Exception? inner = null) => FileBytes.Wrong(Name, expected, found, inner);

    public void Dispose() => file.Dispose();
}
