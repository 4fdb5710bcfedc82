using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Switches of libtorch that TorchSharp does not have: those behind torch.backends, by the names that GCC and Clang give to C++ functions.</summary>
internal static unsafe class LibTorchSwitch
{
    /// <summary>Turns a back end off.</summary>
    /// <param name="library">libtorch_cpu.</param>
    /// <param name="setter">The mangled name of a member of at::Context that takes a bool.</param>
    /// <returns>Whether this libtorch has such a switch.</returns>
    public static bool TurnOff(nint library, string setter)
    {
        if (!NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint context) || !NativeLibrary.TryGetExport(library, setter, out nint set)) return false;
        ((delegate* unmanaged<nint, byte, void>)set)(((delegate* unmanaged<nint>)context)(), 0);
        return true;
    }
}
