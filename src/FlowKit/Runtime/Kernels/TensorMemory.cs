using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Where a tensor's numbers lie. The tensor must outlive what is done with them.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The address of a contiguous tensor in main memory; null for none and for an empty one, which TorchSharp cannot read.</summary>
    public static T* Of<T>(Tensor? x) where T : unmanaged
    {
        if (x is null || x.numel() == 0) return null;
        if (x.numel() <= int.MaxValue / sizeof(T)) return At<T>(x);

        using var first = x.view(-1).narrow(0, 0, 1);                         // a span holds no more than that
        return At<T>(first);
    }

    private static T* At<T>(Tensor x) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(x.bytes));
}
