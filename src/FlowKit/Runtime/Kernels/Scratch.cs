using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>Memory of this thread for the copies that a kernel makes; it lasts until the next call that takes some.</summary>
internal static unsafe class Scratch<T> where T : unmanaged
{
    private const int Line = 64;

    [ThreadStatic]
    private static byte[]? bytes;

    /// <summary>At least so many numbers, at the start of a cache line.</summary>
    public static T* Take(nint count)
    {
        nint needed = count * sizeof(T) + Line;
        if (bytes is null || bytes.Length < needed) bytes = GC.AllocateUninitializedArray<byte>(checked((int)(needed + needed / 2)), pinned: true);
        nint at = (nint)Unsafe.AsPointer(ref bytes[0]);
        return (T*)((at + Line - 1) / Line * Line);
    }
}
