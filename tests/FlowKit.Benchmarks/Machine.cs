using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>What the figures of a table were measured on.</summary>
internal static class Machine
{
    private const string Processors = "/proc/cpuinfo", Model = "model name";

    /// <summary>Processor, cores, vectors and versions.</summary>
    public static string Description =>
        $"{Processor}, {Environment.ProcessorCount} cores, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits"
        + $"{(Avx512F.IsSupported ? " (AVX-512)" : "")}; {RuntimeInformation.FrameworkDescription}, libtorch {__version__}";

    private static string Processor =>
        File.Exists(Processors) && File.ReadLines(Processors).FirstOrDefault(line => line.StartsWith(Model, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim() : $"{RuntimeInformation.ProcessArchitecture}";
}
