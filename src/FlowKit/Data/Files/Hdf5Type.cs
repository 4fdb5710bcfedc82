namespace FlowKit.Data;

/// <summary>The numbers of a data set in an HDF5 file, and their byte order.</summary>
internal readonly record struct Hdf5Type(RawNumbers Numbers, bool IsBigEndian)
{
    private const string Expected = "numbers of type u1, i1, i2, i4, i8, f4, f8";

    public static Hdf5Type Read(Hdf5Bytes file, Hdf5Cursor message)
    {
        int kind = message.Byte() & 0xF;
        int low = message.Byte(), sign = message.Byte();
        message.Skip(1);
        uint size = message.UInt32();
        if (kind > 1) throw file.Wrong(Expected, kind switch { 3 => "text", 6 => "records", 8 => "an enumeration", 9 => "lists or text", _ => $"type {kind}" });
        int offset = message.UInt16(), bits = message.UInt16();
        string? name = kind == 0 ? $"{((low & 8) != 0 ? "i" : "u")}{size}" : IsIeee(message, low, sign, size) ? $"f{size}" : null;
        if (offset != 0 || bits != 8 * size || name is null || RawNumbers.OfNumPy(name) is not { } numbers)
            throw file.Wrong(Expected, $"{(kind == 0 ? (low & 8) != 0 ? "signed" : "unsigned" : "floating")} numbers of {size} bytes, {bits} bits");
        return new(numbers, (low & 1) != 0);
    }

    // Sign, exponent and fraction where IEEE 754 has them; the leading one is not stored.
    private static bool IsIeee(Hdf5Cursor message, int low, int sign, uint size)
    {
        var parts = (sign, (int)message.Byte(), (int)message.Byte(), (int)message.Byte(), (int)message.Byte(), message.UInt32());
        return (low & 0x70) == 0x20 && parts == (size == 4 ? (31, 23, 8, 0, 23, 127u) : (63, 52, 11, 0, 52, 1023u));
    }
}
