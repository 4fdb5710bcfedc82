using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowKit.Compression;

/// <summary>Two lanes.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<double>>
{
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Of(double value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Load(double* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<double> value, double* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> FloorWithin(Vector128<double> x, Vector128<double> least, Vector128<double> greatest) =>
        Vector128.Min(Vector128.Max(Vector128.Floor(x), least), greatest);
}
