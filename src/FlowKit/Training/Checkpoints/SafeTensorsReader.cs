using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FlowKit.Training;

/// <summary>Reads a safetensors file, and trusts none of it.</summary>
internal static class SafeTensorsReader
{
    private const long LongestHeader = 100_000_000;

    /// <summary>Every tensor, in the caller's dispose scope, and the metadata.</summary>
    /// <exception cref="InvalidDataException">The file is truncated, damaged, or no such file.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var stream = File.OpenRead(path);
        using var scope = NewDisposeScope();
        try
        {
            byte[] start = ReadStart(stream);
            var header = SafeTensorsHeader.Parse(start.AsMemory(8), stream.Length - start.Length);
            var tensors = ReadTensors(stream, start, header);
            scope.MoveToOuter(tensors.Values);
            return (tensors, header.Metadata);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"{path} cannot be read as safetensors: {(error is EndOfStreamException ? "it is truncated" : error.Message)}.", error);
        }
    }

    // The length and the JSON.
    private static byte[] ReadStart(FileStream stream)
    {
        if (stream.Length < 8) throw new InvalidDataException($"it has {stream.Length} bytes; the length of the header alone takes 8");

        Span<byte> length = stackalloc byte[8];
        stream.ReadExactly(length);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (header > LongestHeader) throw new InvalidDataException($"it announces a header of {header} bytes; the most allowed is {LongestHeader}");
        if ((long)header > stream.Length - 8) throw new InvalidDataException($"it is truncated: its header takes {header} bytes, {stream.Length - 8} are there");

        byte[] start = new byte[8 + (int)header];
        length.CopyTo(start);
        stream.ReadExactly(start, 8, (int)header);
        return start;
    }

    private static Dictionary<string, Tensor> ReadTensors(FileStream stream, byte[] start, SafeTensorsHeader header)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string? expected = header.Metadata.GetValueOrDefault(SafeTensorsWriter.ChecksumKey);
        if (expected is not null)
        {
            int at = expected.Length == 64 ? SafeTensorsWriter.Marker(start, expected) : -1;
            if (at < 0) throw new InvalidDataException("its checksum is not 64 digits as they were written");
            start.AsSpan(at, 64).Fill((byte)'0');
            hash.AppendData(start);
        }

        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in header.Tensors)
        {
            var tensor = empty(entry.Shape, dtype: entry.Dtype, device: CPU);
            TensorBytes.Each(tensor, bytes =>
            {
                stream.ReadExactly(bytes);
                if (expected is not null) hash.AppendData(bytes);
            });
            tensors[entry.Name] = tensor;
        }
        if (expected is not null && Convert.ToHexStringLower(hash.GetHashAndReset()) != expected)
            throw new InvalidDataException("it is damaged: its checksum does not match its content");
        return tensors;
    }
}
