using System.Numerics;

namespace FlowKit.Compression;

/// <summary>Whole numbers beyond the ends of a table: the side, the number of binary digits and the digits of the distance, 7 bits and log2 of it. After Elias 1975.</summary>
internal static class EscapeCode
{
    private const int LengthBits = 6;

    /// <summary>Appends a value below <paramref name="first"/> or above <paramref name="last"/>.</summary>
    public static void Push(RansEncoder encoder, long value, long first, long last)
    {
        var (distance, length) = Distance(value, first, last);
        encoder.PushBits(value > last ? 1UL : 0, 1);
        encoder.PushBits((ulong)length, LengthBits);
        encoder.PushBits(distance - (1UL << length), length);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is no number of 64 bits.</exception>
    public static long Pull(RansDecoder decoder, long first, long last)
    {
        bool above = decoder.PullBits(1) == 1;
        int length = (int)decoder.PullBits(LengthBits);
        long distance = (long)(decoder.PullBits(length) + (1UL << length));
        long value = unchecked(above ? last + distance : first - distance);
        return (above ? value > last : value < first) ? value : throw new InvalidDataException("A coded number does not fit into 64 bits: the data are damaged.");
    }

    /// <summary>What <see cref="Push"/> adds, in bits.</summary>
    public static int Bits(long value, long first, long last) => 1 + LengthBits + Distance(value, first, last).Length;

    private static (ulong Distance, int Length) Distance(long value, long first, long last)
    {
        ulong distance = value > last ? (ulong)(value - last) : (ulong)(first - value);
        return (distance, BitOperations.Log2(distance));
    }
}
