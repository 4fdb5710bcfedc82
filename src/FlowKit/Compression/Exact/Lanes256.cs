using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowKit.Compression;

/// <summary>Four lanes.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<double>>
{
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<double> value, double* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> FloorWithin(Vector256<double> x, Vector256<double> least, Vector256<double> greatest) =>
        Vector256.Min(Vector256.Max(Vector256.Floor(x), least), greatest);
}
