using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace FlowKit;

/// <summary>MKL's full width on processors of AMD, for those who ask for it by FLOWKIT_MKL=full.</summary>
/// <remarks>
/// The MKL inside libtorch asks its own function <c>mkl_serv_intel_cpu_true</c> and leaves AVX-512 unused where the answer is no. libtorch exports the function, so that a library in the global scope of the process that defines
/// it too is asked instead: <see cref="ElfStub"/>, loaded before libtorch. Products are about twice as fast then. MKL documents none of this and a later one may do otherwise: it is never on by itself.
/// </remarks>
internal static unsafe class MklWidth
{
    /// <summary>The environment variable: "full", or nothing.</summary>
    public const string Variable = "FLOWKIT_MKL";

    private const string Library = "libflowkit_mkl.so", Function = "mkl_serv_intel_cpu_true";
    private const int Now = 2, Global = 0x100;                                                // RTLD_...

    private static string state = $"as it comes ({Variable} is not set)";
    private static bool isDone;

    /// <summary>What was done, as a line of a report; once libtorch is loaded, also whether it asks the function.</summary>
    public static string State => isDone && !IsAsked() ? $"as it comes; {Variable}=full is not done: this libtorch does not export {Function}" : state;

    /// <summary>Does what the variable asks. It comes before libtorch.</summary>
    public static void Apply()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } asked) return;
        string? obstacle = asked != "full" ? "it is 'full' or not set"
            : Obstacle(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, Processor.Vendor, Avx512F.IsSupported) ?? Load(Library, Function);
        isDone = obstacle is null;
        state = isDone ? $"full width, as {Variable} asks" : $"as it comes; {Variable}={asked} is not done: {obstacle}";
        if (asked != "full") Console.Error.WriteLine($"FlowKit: MKL stays {state}.");
    }

    private static bool IsAsked() =>
        NativeModules.Files(NativeModules.Torch).FirstOrDefault() is not { } torch || (NativeLibrary.TryLoad(NativeDecoys.Past(torch), out nint library) && NativeLibrary.TryGetExport(library, Function, out _));

    /// <summary>Why nothing is to be done; null where it is.</summary>
    internal static string? Obstacle(bool isLinuxX64, string vendor, bool hasAvx512) =>
        !isLinuxX64 ? "this is not x64 Linux" : vendor != "AuthenticAMD" ? $"the processor is {vendor}, where MKL needs no help" : !hasAvx512 ? "the processor has no AVX-512" : null;

    /// <summary>Brings a library with one function that returns 1 into the global scope of the process.</summary>
    /// <returns>Why it could not; null if it could.</returns>
    internal static string? Load(string library, string function)
    {
        byte[] image = ElfStub.Build(library, function, 1);
        string file;
        try
        {
            file = NativeCache.Put(library, image, NativeCache.KeyOf(image));
        }
        catch (IOException e)
        {
            return e.Message;
        }

        // NativeLibrary loads into a scope of the library's own. dlopen is in libc since glibc 2.34, before that in libdl.
        foreach (string system in (ReadOnlySpan<string>)["libc.so.6", "libdl.so.2"])
        {
            if (!NativeLibrary.TryLoad(system, out nint handle) || !NativeLibrary.TryGetExport(handle, "dlopen", out nint open)) continue;
            fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(file + '\0'))
                return ((delegate* unmanaged<byte*, int, nint>)open)(name, Now | Global) != 0 ? null : $"{file} does not load";
        }
        return "there is no dlopen";
    }
}
