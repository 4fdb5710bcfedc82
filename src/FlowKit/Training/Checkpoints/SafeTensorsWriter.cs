using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowKit.Training;

/// <summary>Writes a safetensors file: largest numbers first, so that each tensor is aligned, then by name.</summary>
internal static class SafeTensorsWriter
{
    /// <summary>The metadata entry that holds the SHA-256 of the whole file, computed with these 64 digits as zeros.</summary>
    public const string ChecksumKey = "flowkit.sha256";

    private static readonly string noChecksum = new('0', 64);

    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var ordered = tensors.OrderByDescending(pair => pair.Value.ElementSize).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        byte[] header = Header(ordered, metadata);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Append(header);
            foreach (var (_, tensor) in ordered) TensorBytes.Each(tensor, bytes => Append(bytes));
            stream.Position = Marker(header, noChecksum);
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset())));

            void Append(ReadOnlySpan<byte> bytes)
            {
                stream.Write(bytes);
                hash.AppendData(bytes);
            }
        });
    }

    /// <summary>Where the checksum's digits begin; negative if they are not there.</summary>
    public static int Marker(ReadOnlySpan<byte> header, string digits)
    {
        byte[] entry = Encoding.ASCII.GetBytes($"\"{ChecksumKey}\":\"{digits}\"");
        int at = header.IndexOf(entry);
        return at < 0 ? at : at + entry.Length - 1 - digits.Length;
    }

    // The length and the JSON, padded with spaces so that the tensors begin at a multiple of 8.
    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafeTensorsHeader.MetadataKey);
            json.WriteString(ChecksumKey, noChecksum);
            foreach (var (key, value) in metadata) json.WriteString(key, value);
            json.WriteEndObject();
            long end = 0;
            foreach (var (name, tensor) in tensors)
            {
                string dtype = SafeTensorsHeader.NameOf(tensor.dtype)
                    ?? throw new ArgumentException($"Tensor '{name}' is {tensor.dtype}, which safetensors does not know.", nameof(tensors));
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype);
                Numbers("shape", tensor.shape);
                Numbers("data_offsets", [end, end += tensor.NumberOfElements * tensor.ElementSize]);
                json.WriteEndObject();
            }
            json.WriteEndObject();

            void Numbers(string name, long[] values)
            {
                json.WriteStartArray(name);
                foreach (long value in values) json.WriteNumberValue(value);
                json.WriteEndArray();
            }
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        byte[] header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }
}
