using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>What the driver of NVIDIA says of its devices, in libtorch's order, which is the driver's.</summary>
internal static unsafe class CudaDriver
{
    private const int NameLength = 256, Good = 0;

    /// <summary>Name and bytes of memory of each device; empty where there is no driver.</summary>
    public static IReadOnlyList<(string Name, long Memory)> Devices()
    {
        string library = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(library, out nint driver) || !Has("cuInit", out nint init) || !Has("cuDeviceGetCount", out nint count) || !Has("cuDeviceGet", out nint get) ||
            !Has("cuDeviceGetName", out nint name) || !Has("cuDeviceTotalMem_v2", out nint memory)) return [];

        int devices = 0;
        if (((delegate* unmanaged<uint, int>)init)(0) != Good || ((delegate* unmanaged<int*, int>)count)(&devices) != Good) return [];
        var found = new List<(string, long)>();
        byte* text = stackalloc byte[NameLength];
        for (int i = 0; i < devices; i++)
        {
            int device = 0;
            nuint bytes = 0;
            if (((delegate* unmanaged<int*, int, int>)get)(&device, i) != Good || ((delegate* unmanaged<byte*, int, int, int>)name)(text, NameLength, device) != Good) continue;
            ((delegate* unmanaged<nuint*, int, int>)memory)(&bytes, device);
            found.Add((Marshal.PtrToStringUTF8((nint)text) ?? "", (long)bytes));
        }
        return found;

        bool Has(string function, out nint address) => NativeLibrary.TryGetExport(driver, function, out address);
    }
}
