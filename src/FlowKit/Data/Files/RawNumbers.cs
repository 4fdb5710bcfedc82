using System.Runtime.InteropServices;

namespace FlowKit.Data;

/// <summary>A numeric type as files store it: the size of one number, and how to make a tensor from the bytes.</summary>
internal sealed class RawNumbers
{
    private readonly Func<byte[], long[], Tensor> make;

    private RawNumbers(int size, ScalarType type, Func<byte[], long[], Tensor> make) => (Size, Type, this.make) = (size, type, make);

    /// <summary>Bytes of one number.</summary>
    public int Size { get; }

    /// <summary>The tensor's type.</summary>
    public ScalarType Type { get; }

    private static RawNumbers Of<T>(int size, ScalarType type, Func<T[], long[], Tensor> make) where T : unmanaged =>
        new(size, type, (bytes, shape) => bytes.Length == 0 ? empty(shape, dtype: type, device: CPU) : make(MemoryMarshal.Cast<byte, T>(bytes).ToArray(), shape));

    private static readonly RawNumbers u1 = Of<byte>(1, uint8, (values, shape) => tensor(values, shape, dtype: uint8, device: CPU));
    private static readonly RawNumbers i1 = Of<sbyte>(1, int8, (values, shape) => tensor(values, shape, dtype: int8, device: CPU));
    private static readonly RawNumbers i2 = Of<short>(2, int16, (values, shape) => tensor(values, shape, dtype: int16, device: CPU));
    private static readonly RawNumbers i4 = Of<int>(4, int32, (values, shape) => tensor(values, shape, dtype: int32, device: CPU));
    private static readonly RawNumbers i8 = Of<long>(8, int64, (values, shape) => tensor(values, shape, dtype: int64, device: CPU));
    private static readonly RawNumbers f4 = Of<float>(4, float32, (values, shape) => tensor(values, shape, dtype: float32, device: CPU));
    private static readonly RawNumbers f8 = Of<double>(8, float64, (values, shape) => tensor(values, shape, dtype: float64, device: CPU));
    private static readonly RawNumbers b1 = Of<byte>(1, @bool, (values, shape) => tensor([.. values.Select(value => value != 0)], shape, dtype: @bool, device: CPU));

    /// <summary>By the third byte of an IDX file, or null.</summary>
    public static RawNumbers? OfIdx(byte type) => type switch { 0x08 => u1, 0x09 => i1, 0x0B => i2, 0x0C => i4, 0x0D => f4, 0x0E => f8, _ => null };

    /// <summary>By NumPy's type letters without the byte order, or null.</summary>
    public static RawNumbers? OfNumPy(string type) => type switch { "u1" => u1, "i1" => i1, "i2" => i2, "i4" => i4, "i8" => i8, "f4" => f4, "f8" => f8, "b1" => b1, _ => null };

    /// <summary>Bytes of a whole tensor.</summary>
    /// <exception cref="InvalidDataException">More than one array can hold.</exception>
    public static long Bytes(long[] shape, int size, string file)
    {
        Int128 bytes = size;
        foreach (long length in shape)
            if ((bytes *= length) > Array.MaxLength)
                throw FileBytes.Wrong(file, $"at most {Array.MaxLength} bytes of numbers", $"shape ({string.Join(", ", shape)})");
        return (long)bytes;
    }

    /// <summary>The tensor of those bytes, which are put into this machine's order in place.</summary>
    public Tensor Tensor(byte[] bytes, long[] shape, bool bigEndian)
    {
        IntoOrder(bytes, bigEndian);
        return make(bytes, shape);
    }

    /// <summary>Puts numbers of that byte order into this machine's.</summary>
    public void IntoOrder(Span<byte> bytes, bool bigEndian)
    {
        if (bigEndian != BitConverter.IsLittleEndian || Size == 1) return;

        for (int i = 0; i < bytes.Length; i += Size) bytes.Slice(i, Size).Reverse();
    }
}
