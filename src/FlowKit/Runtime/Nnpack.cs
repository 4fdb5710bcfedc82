using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Turns NNPACK off on hardware that it does not know.</summary>
/// <remarks>libtorch asks at every convolution whether NNPACK can be used, and each time writes "Could not initialize NNPACK!" where it cannot: hundreds of thousands of lines for one notebook. It is not used either way.</remarks>
internal static unsafe class Nnpack
{
    private const int ErrorsOnly = 2;

    /// <summary>Asks once, without a word, and turns it off if the answer is no.</summary>
    /// <param name="folder">Of libtorch, which is loaded.</param>
    public static void TurnOffIfUseless(string folder)
    {
        // A libtorch without these names keeps its warnings.
        if (!NativeLibrary.TryLoad(NativeDecoys.Past(Path.Combine(folder, "libtorch_cpu.so")), out nint torch) || !NativeLibrary.TryLoad(NativeDecoys.Past(Path.Combine(folder, "libc10.so")), out nint c10)) return;
        if (!NativeLibrary.TryGetExport(torch, "_ZN2at6native17_nnpack_availableEv", out nint isAvailable) || !NativeLibrary.TryGetExport(c10, "FLAGS_caffe2_log_level", out nint level)) return;

        int before = Marshal.ReadInt32(level);
        Marshal.WriteInt32(level, ErrorsOnly);
        try
        {
            if (((delegate* unmanaged<byte>)isAvailable)() == 0) LibTorchSwitch.TurnOff(torch, "_ZN2at7Context20setUserEnabledNNPACKEb");
        }
        finally
        {
            Marshal.WriteInt32(level, before);
        }
    }
}
