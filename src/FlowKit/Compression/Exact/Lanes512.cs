using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowKit.Compression;

/// <summary>Eight lanes.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<double>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Of(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<double> value, double* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> FloorWithin(Vector512<double> x, Vector512<double> least, Vector512<double> greatest) =>
        Vector512.Min(Vector512.Max(Vector512.Floor(x), least), greatest);
}
