using System.Text.Json;

namespace FlowKit.Training;

/// <summary>One tensor of a safetensors file: its type, its shape, and where its bytes lie after the header.</summary>
internal readonly record struct SafeTensor(string Name, ScalarType Dtype, long[] Shape, long Begin, long End);

/// <summary>The header of a safetensors file.</summary>
internal sealed class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private const int MostDimensions = 64;

    // What one number takes, and what the format calls it.
    private static readonly Dictionary<ScalarType, (string Name, int Bytes)> dtypes = new()
    {
        [ScalarType.Bool] = ("BOOL", 1),
        [ScalarType.Byte] = ("U8", 1),
        [ScalarType.Int8] = ("I8", 1),
        [ScalarType.Int16] = ("I16", 2),
        [ScalarType.Int32] = ("I32", 4),
        [ScalarType.Int64] = ("I64", 8),
        [ScalarType.Float16] = ("F16", 2),
        [ScalarType.BFloat16] = ("BF16", 2),
        [ScalarType.Float32] = ("F32", 4),
        [ScalarType.Float64] = ("F64", 8),
    };

    private SafeTensorsHeader(IReadOnlyList<SafeTensor> tensors, Dictionary<string, string> metadata) => (Tensors, Metadata) = (tensors, metadata);

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<SafeTensor> Tensors { get; }

    public Dictionary<string, string> Metadata { get; }

    /// <summary>The format's name of a dtype, or null if it has none.</summary>
    public static string? NameOf(ScalarType dtype) => dtypes.TryGetValue(dtype, out var known) ? known.Name : null;

    /// <summary>Reads a header and checks all of it.</summary>
    /// <param name="json">As in the file.</param>
    /// <param name="dataBytes">How many bytes follow it.</param>
    /// <exception cref="InvalidDataException">Something is wrong; the message says what, without the file's name.</exception>
    public static SafeTensorsHeader Parse(ReadOnlyMemory<byte> json, long dataBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException("its header is not a JSON object");

            var metadata = new Dictionary<string, string>();
            var tensors = new List<SafeTensor>();
            foreach (var property in document.RootElement.EnumerateObject())
                if (property.Name != MetadataKey) tensors.Add(ParseTensor(property.Name, property.Value));
                else if (property.Value.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{MetadataKey} is not an object of strings");
                else
                    foreach (var entry in property.Value.EnumerateObject()) metadata[entry.Name] = Text(entry.Value, $"{MetadataKey}.{entry.Name}");

            tensors = [.. tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End)];
            CheckPlaces(tensors, dataBytes);
            return new(tensors, metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)      // the latter: text that is no Unicode
        {
            throw new InvalidDataException($"its header is not valid JSON ({error.Message})");
        }
    }

    private static SafeTensor ParseTensor(string name, JsonElement value)
    {
        string what = $"tensor '{name}'";
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() != 3
            || !value.TryGetProperty("dtype", out var dtype) || !value.TryGetProperty("shape", out var shape) || !value.TryGetProperty("data_offsets", out var offsets))
            throw new InvalidDataException($"{what} is not described by dtype, shape and data_offsets");

        string dtypeName = Text(dtype, $"the dtype of {what}");
        var (type, (_, bytes)) = dtypes.FirstOrDefault(known => known.Value.Name == dtypeName);
        if (bytes == 0) throw new InvalidDataException($"{what} has the dtype '{dtypeName}'; expected one of {string.Join(", ", dtypes.Values.Select(known => known.Name))}");

        long[] sizes = Integers(shape, $"the shape of {what}"), places = Integers(offsets, $"data_offsets of {what}");
        if (places.Length != 2 || places[0] > places[1]) throw new InvalidDataException($"data_offsets of {what} are not [begin, end]");
        if (sizes.Length > MostDimensions) throw new InvalidDataException($"{what} has {sizes.Length} dimensions; the most allowed are {MostDimensions}");
        if (Product(sizes, bytes) is var expected && expected != places[1] - places[0])
            throw new InvalidDataException($"{what} of shape ({string.Join(", ", sizes)}) and dtype {dtypeName} takes {expected?.ToString() ?? "too many"} bytes; its data_offsets span {places[1] - places[0]}");
        return new(name, type, sizes, places[0], places[1]);
    }

    private static void CheckPlaces(List<SafeTensor> tensors, long dataBytes)
    {
        long end = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin < end) throw new InvalidDataException($"tensor '{tensor.Name}' overlaps the one before it");
            if (tensor.Begin > end) throw new InvalidDataException($"there is a gap of {tensor.Begin - end} bytes before tensor '{tensor.Name}'");
            end = tensor.End;
        }
        if (end > dataBytes) throw new InvalidDataException($"it is truncated: its tensors take {end} bytes, {dataBytes} are there");
        if (end < dataBytes) throw new InvalidDataException($"{dataBytes - end} bytes follow its last tensor");
    }

    private static string Text(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new InvalidDataException($"{what} is not a string");

    private static long[] Integers(JsonElement value, string what)
    {
        if (value.ValueKind != JsonValueKind.Array) throw new InvalidDataException($"{what} is not an array");
        return [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long number) && number >= 0
            ? number : throw new InvalidDataException($"{what} holds something other than whole numbers >= 0"))];
    }

    // Null: more than 2^63 bytes.
    private static long? Product(long[] sizes, long bytes)
    {
        foreach (long size in sizes.Where(size => size > 0))
        {
            if (bytes > long.MaxValue / size) return null;
            bytes *= size;
        }
        return sizes.Contains(0) ? 0 : bytes;
    }
}
