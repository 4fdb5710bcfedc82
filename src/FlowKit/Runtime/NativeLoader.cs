using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace FlowKit;

/// <summary>Makes TorchSharp's native library load: with the libtorch of the package or the one that FLOWKIT_LIBTORCH names, also where libstdc++ is older than the one it was built with.</summary>
/// <remarks>
/// libLibTorchSharp.so asks for the symbol version GLIBCXX_3.4.32 (GCC 13), which Debian 12, Ubuntu 22.04 and RHEL 9 do not have. The only
/// symbol of that version is never called, so a copy in which the need is marked weak runs everywhere. Where the stock file loads, it is used as it is.
/// </remarks>
internal static partial class NativeLoader
{
    private const string Shim = "LibTorchSharp", ShimFile = "libLibTorchSharp.so";
    private const string MissingVersion = "GLIBCXX_3.4.32";

    private static readonly Lock Gate = new();
    private static bool installed;
    private static nint shim;
    private static Exception? refusal;

    /// <summary>The libtorch that the user chose, as a full path from where the program was started; null where it is the package's.</summary>
    public static string? Named { get; private set; }

    private static bool IsX64Linux => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Attaches the hooks to TorchSharp and SkiaSharp, whether they are loaded already or will be.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (installed) return;
            installed = true;
            Named = LibTorchFolder.Named;
        }
        if (OperatingSystem.IsLinux()) KeepFreedMemory();
        AppDomain.CurrentDomain.AssemblyLoad += (_, e) => Attach(e.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()) Attach(assembly);
    }

    /// <summary>The handle of TorchSharp's native library, which a first call has loaded.</summary>
    public static nint Handle => shim != 0 ? shim : NativeLibrary.Load(Shim, typeof(torch).Assembly, null);

    private static void Attach(Assembly assembly)
    {
        string? name = assembly.GetName().Name;
        if (name == "SkiaSharp") AttachSkia(assembly);
        if (name != "TorchSharp") return;
        MklWidth.Apply();
        if (OperatingSystem.IsLinux() || Named is not null) AttachTorch(assembly);
    }

    // A script that references a program's SkiaSharp.dll by its path does not look into the runtimes folder beside it.
    private static void AttachSkia(Assembly skiaSharp)
    {
        var (file, package) = OperatingSystem.IsWindows() ? ("libSkiaSharp.dll", "skiasharp.nativeassets.win32")
            : OperatingSystem.IsMacOS() ? ("libSkiaSharp.dylib", "skiasharp.nativeassets.macos") : ("libSkiaSharp.so", "skiasharp.nativeassets.linux.nodependencies");
        if (AssemblyLoadContext.GetLoadContext(skiaSharp) is { } context)
            context.ResolvingUnmanagedDll += (_, name) =>
                name == "libSkiaSharp" && NativeFiles.Find(skiaSharp, package, file) is { } found && NativeLibrary.TryLoad(found, out nint handle) ? handle : 0;
    }

    private static void AttachTorch(Assembly assembly)
    {
        try
        {
            if (Named is not null && IsX64Linux)
            {
                if (Earlier() is { } file) refusal = LibTorchFolder.Refusal(Named, $"another libtorch in the process, {file}: torch was used before FlowKit was loaded. Call FlowKit.Runtime.EnsureLoaded() first.");
                else NativeDecoys.Load(assembly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            refusal = LibTorchFolder.Refusal(Named!, $"the package's libtorch could not be kept out of the process: {e.Message}");
        }
        try
        {
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == Shim ? Resolve(assembly) : 0);
        }
        catch (InvalidOperationException)
        {
            // Somebody set a resolver of their own; the load context's event below still answers TorchSharp's own probing.
        }
        // With a libtorch of the user's, probing is to find something and to load nothing: the calls that follow go to the resolver, and what is wrong is told there.
        if (AssemblyLoadContext.GetLoadContext(assembly) is { } context)
            context.ResolvingUnmanagedDll += (_, name) => Named is not null ? NativeDecoys.Names.Contains(name) ? NativeLibrary.GetMainProgramHandle() : 0 : name == Shim ? Probed(assembly) : 0;
    }

    // Two libtorch in a process end it.
    private static string? Earlier()
    {
        string own = Path.Combine(Named!, NativeModules.Torch);
        if (File.Exists(own)) own = File.ResolveLinkTarget(own, returnFinalTarget: true)?.FullName ?? own;
        return NativeModules.Files(NativeModules.Torch).FirstOrDefault(file => file != own);
    }

    // TorchSharp's own search found no shim that loads. It would go on in the package cache and bury any reason; told that there is one, it calls it, and the resolver says what is missing.
    private static nint Probed(Assembly torchSharp)
    {
        bool isBare = AppContext.GetData("FlowKit.TorchDevice") is "none";
        nint handle = isBare && refusal is not null ? 0 : Resolve(torchSharp);
        if (handle != 0 || !isBare) return handle;

        refusal ??= new PlatformNotSupportedException(
            $"The program was built without libtorch (TorchDevice=none), and {LibTorchFolder.Variable} is not set. Set it to the folder of one, such as the torch/lib of an installed PyTorch (x64 Linux).");
        return NativeLibrary.GetMainProgramHandle();
    }

    private static nint Resolve(Assembly torchSharp)
    {
        lock (Gate)
        {
            if (shim == 0 && refusal is null)
            {
                try
                {
                    shim = LoadAll(torchSharp);
                }
                catch (Exception e) when (Named is not null && e is (NotSupportedException or IOException or UnauthorizedAccessException or BadImageFormatException))
                {
                    refusal = e;                                                              // for good: parts of libtorch may be in the process
                }
            }
            return refusal is null ? shim : throw new NotSupportedException(refusal.Message, refusal);
        }
    }

    private static nint LoadAll(Assembly torchSharp)
    {
        if (Named is not null && !IsX64Linux)
            throw new PlatformNotSupportedException($"{LibTorchFolder.Variable} is '{Named}'. It works on x64 Linux only. Unset it to use the libtorch of the package.");

        if (NativeFiles.Shim(torchSharp) is not { } stock) return 0;
        if (Named is null) return NativeFiles.TorchFolder(torchSharp) is { } folder ? LoadShim(stock, folder) : 0;

        var chosen = LibTorchFolder.Check(Named, stock);
        if (chosen.IsOther)
            Console.Error.WriteLine($"FlowKit: {LibTorchFolder.Variable} holds libtorch {chosen.Version} ({chosen.Source}); TorchSharp was built for {NativeFiles.TorchVersion}. Every symbol is there, and a small computation is tried now; results are for you to judge.");
        nint handle = LoadShim(stock, chosen.Path);
        if (LibTorchProbe.Run(handle) is { } wrong) throw LibTorchFolder.Refusal(Named, $"libtorch {chosen.Version ?? "of a version that no file tells"}, which has every symbol that TorchSharp needs, but {wrong}.");
        return handle;
    }

    private static nint LoadShim(string stock, string torch)
    {
        // In this order: the copy has no neighbors, so what it needs must be in the process already.
        foreach (string name in LibTorchFolder.Libraries)
            if (Path.Combine(torch, name) is var file && File.Exists(file) && TryLoad(file, out _) is { } problem && Named is not null)
                throw LibTorchFolder.Refusal(Named, $"{name} does not load. The system said: {problem.ReplaceLineEndings(" ")}.");

        Nnpack.TurnOffIfUseless(torch);
        string? failure = TryLoad(stock, out nint handle);
        if (failure is null) return handle;
        if (!failure.Contains(MissingVersion)) throw CannotLoad(failure);

        failure = TryLoad(PatchedCopy(stock), out handle);
        return failure is null ? handle : throw CannotLoad(failure);
    }

    private static string? TryLoad(string file, out nint handle)
    {
        try
        {
            handle = NativeLibrary.Load(NativeDecoys.Past(file));
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            return e.Message;
        }
    }

    private static NotSupportedException CannotLoad(string failure)
    {
        string needs = $"It needs a 64-bit glibc system, with the symbol version {MissingVersion} of libstdc++ (GCC 13) or one that accepts a copy without it. " +
            $"Remedy: install a newer libstdc++6. The system said: {failure.ReplaceLineEndings(" ")}";
        return Named is null
            ? new PlatformNotSupportedException($"TorchSharp's native library does not load here. {needs}")
            : LibTorchFolder.Refusal(Named, $"a libtorch on which TorchSharp's native library does not load. {needs}.");
    }

    /// <summary>A copy of the library that does not insist on the missing version, made once per library and user.</summary>
    internal static string PatchedCopy(string stock)
    {
        byte[] image = File.ReadAllBytes(stock);
        string key = NativeCache.KeyOf(image);
        if (ElfVersionNeeds.MarkWeak(image, MissingVersion) == 0)
            throw CannotLoad($"{stock} does not name the version {MissingVersion}.");
        return NativeCache.Put(ShimFile, image, key);
    }

    // Convolutions allocate and free the same large buffers each step; giving them back to the system each time costs a tenth of the step.
    private static void KeepFreedMemory()
    {
        const int trimThreshold = -1, mmapThreshold = -3;
        try
        {
            mallopt(trimThreshold, int.MaxValue);
            mallopt(mmapThreshold, 1 << 30);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // musl has no mallopt: only speed is lost.
        }
    }

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);
}
