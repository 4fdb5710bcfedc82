using System.Numerics;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Frames;

/// <summary>Consecutive values of one column as a tensor.</summary>
internal static class NumberBlock
{
    private static readonly HashSet<Type> Numbers =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(decimal),
    ];

    public static bool Takes(Type type) => Numbers.Contains(type);

    /// <summary>The values, (n), each in a type of libtorch that holds it; decimals as the nearest float64. It may alias the array.</summary>
    public static Tensor Read(Array values) => CodeOf(values) switch
    {
        TypeCode.UInt16 => from_array(Array.ConvertAll((ushort[])values, value => (int)value)),
        TypeCode.UInt32 => from_array(Array.ConvertAll((uint[])values, value => (long)value)),
        TypeCode.UInt64 => from_array(Array.ConvertAll((ulong[])values, value => (double)value)),
        TypeCode.Decimal => from_array(Array.ConvertAll((decimal[])values, value => (double)value)),
        _ => from_array(values),
    };

    /// <summary>Where the first integer is that a significand of so many bits would round; -1: all are held exactly.</summary>
    public static int FirstRounded(Array values, int bits) => CodeOf(values) switch
    {
        TypeCode.Int32 => Array.FindIndex((int[])values, value => Bits((ulong)Math.Abs((long)value)) > bits),
        TypeCode.UInt32 => Array.FindIndex((uint[])values, value => Bits(value) > bits),
        TypeCode.Int64 => Array.FindIndex((long[])values, value => Bits(value < 0 ? unchecked((ulong)-value) : (ulong)value) > bits),
        TypeCode.UInt64 => Array.FindIndex((ulong[])values, value => Bits(value) > bits),
        _ => -1,
    };

    // Not by pattern: to the runtime, int[] is uint[].
    private static TypeCode CodeOf(Array values) => Type.GetTypeCode(values.GetType().GetElementType());

    // From the first 1 to the last.
    private static int Bits(ulong magnitude) => magnitude == 0 ? 0 : 64 - BitOperations.LeadingZeroCount(magnitude) - BitOperations.TrailingZeroCount(magnitude);
}
