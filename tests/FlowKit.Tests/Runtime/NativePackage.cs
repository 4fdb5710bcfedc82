using System.Runtime.InteropServices;

namespace FlowKit.Tests.Runtime;

/// <summary>The native libraries beside the tests.</summary>
internal static class NativePackage
{
    /// <summary>Where a build has TorchSharp's library and the one package of libtorch for the CPU.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    /// <summary>TorchSharp's library.</summary>
    public static string Shim { get; } = Path.Combine(Folder, "libLibTorchSharp.so");

    /// <summary>Skips what needs them: a published program has another layout, and other builds have no libtorch, or that of CUDA, which comes in parts.</summary>
    public static void SkipUnlessHere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "x64 Linux only.");
        Assert.SkipUnless(File.Exists(Shim) && File.Exists(Path.Combine(Folder, "libtorch_cpu.so")) && !File.Exists(Path.Combine(Folder, "libtorch_cuda.so")), "This build has no libtorch of one package.");
    }
}
