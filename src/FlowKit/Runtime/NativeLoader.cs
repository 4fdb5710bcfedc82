using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace FlowKit;

/// <summary>Makes TorchSharp's native library load on systems whose libstdc++ is older than the one it was built with.</summary>
/// <remarks>
/// libLibTorchSharp.so asks for the symbol version GLIBCXX_3.4.32 (GCC 13), which Debian 12, Ubuntu 22.04 and RHEL 9 do not have. The only
/// symbol of that version is never called, so a copy in which the need is marked weak runs everywhere. Where the stock file loads, it is used as it is.
/// </remarks>
internal static partial class NativeLoader
{
    private const string Shim = "libLibTorchSharp.so", Torch = "libtorch.so";
    private const string MissingVersion = "GLIBCXX_3.4.32";

    private static readonly Lock Gate = new();
    private static bool installed;
    private static nint shim;

    /// <summary>Attaches the hooks to TorchSharp and SkiaSharp, whether they are loaded already or will be. TorchSharp needs help on Linux only.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (installed) return;
            installed = true;
        }
        if (OperatingSystem.IsLinux()) KeepFreedMemory();
        AppDomain.CurrentDomain.AssemblyLoad += (_, e) => Attach(e.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()) Attach(assembly);
    }

    private static void Attach(Assembly assembly)
    {
        string? name = assembly.GetName().Name;
        if (name == "SkiaSharp") AttachSkia(assembly);
        if (name == "TorchSharp" && OperatingSystem.IsLinux()) AttachTorch(assembly);
    }

    // A script that references a program's SkiaSharp.dll by its path does not look into the runtimes folder beside it.
    private static void AttachSkia(Assembly skiaSharp)
    {
        var (file, package) = OperatingSystem.IsWindows() ? ("libSkiaSharp.dll", "skiasharp.nativeassets.win32")
            : OperatingSystem.IsMacOS() ? ("libSkiaSharp.dylib", "skiasharp.nativeassets.macos") : ("libSkiaSharp.so", "skiasharp.nativeassets.linux.nodependencies");
        if (AssemblyLoadContext.GetLoadContext(skiaSharp) is { } context)
            context.ResolvingUnmanagedDll += (_, name) =>
                name == "libSkiaSharp" && FindNative(skiaSharp, package, file) is { } found && NativeLibrary.TryLoad(found, out nint handle) ? handle : 0;
    }

    private static void AttachTorch(Assembly assembly)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == "LibTorchSharp" ? Resolve(assembly) : 0);
        }
        catch (InvalidOperationException)
        {
            // Somebody set a resolver of their own; the load context's event below still answers TorchSharp's own probing.
        }
        if (AssemblyLoadContext.GetLoadContext(assembly) is { } context)
            context.ResolvingUnmanagedDll += (_, name) => name == "LibTorchSharp" ? Resolve(assembly) : 0;
    }

    private static nint Resolve(Assembly torchSharp)
    {
        lock (Gate)
        {
            if (shim == 0 && Find(torchSharp) is { } files) shim = Load(files.Shim, files.Torch);
            return shim;
        }
    }

    private static nint Load(string stock, string torch)
    {
        // In this order: the copy has no neighbors, so what it needs must be in the process already.
        foreach (string name in (ReadOnlySpan<string>)["libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"])
            if (Path.Combine(torch, name) is var file && File.Exists(file)) NativeLibrary.TryLoad(file, out _);

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
            handle = NativeLibrary.Load(file);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            return e.Message;
        }
    }

    private static PlatformNotSupportedException CannotLoad(string failure) => new(
        $"TorchSharp's native library does not load here. It needs a 64-bit glibc system, with the symbol version {MissingVersion} of libstdc++ " +
        $"(GCC 13) or one that accepts a copy without it. Remedy: install a newer libstdc++6. The system said: {failure.ReplaceLineEndings(" ")}");

    /// <summary>A copy of the library that does not insist on the missing version, made once per library and user.</summary>
    internal static string PatchedCopy(string stock)
    {
        byte[] image = File.ReadAllBytes(stock);
        string key = Convert.ToHexStringLower(SHA256.HashData(image))[..16];
        if (ElfVersionNeeds.MarkWeak(image, MissingVersion) == 0)
            throw CannotLoad($"{stock} does not name the version {MissingVersion}.");

        foreach (string folder in CacheFolders(key))
        {
            string copy = Path.Combine(folder, Shim);
            try
            {
                if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(image)) return copy;

                Directory.CreateDirectory(folder);
                string part = Path.Combine(folder, $"{Shim}.{Guid.NewGuid():N}");
                File.WriteAllBytes(part, image);
                File.Move(part, copy, overwrite: true);
                return copy;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // An unwritable home: the next folder.
            }
        }
        throw new IOException("FlowKit could not write a copy of TorchSharp's native library, neither to the user's data folder nor to a temporary one.");
    }

    private static IEnumerable<string> CacheFolders(string key)
    {
        string user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (user.Length > 0) yield return Path.Combine(user, "FlowKit", "native", key);
        yield return Directory.CreateTempSubdirectory("flowkit-").FullName;
    }

    /// <summary>The package with this system's libtorch.</summary>
    public static string TorchPackage => $"libtorch-cpu-{Rid}";

    /// <summary>Whether libtorch lies where this process would load it from.</summary>
    public static bool HasTorch => FindNative(typeof(torch).Assembly, TorchPackage, OperatingSystem.IsWindows() ? "torch.dll" : OperatingSystem.IsMacOS() ? "libtorch.dylib" : Torch, TorchVersion) is not null;

    /// <summary>The version of that package that TorchSharp was built for.</summary>
    public static string TorchVersion { get; } = typeof(NativeLoader).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "LibTorchVersion").Value!;

    /// <summary>Where the shim and libtorch lie.</summary>
    private static (string Shim, string Torch)? Find(Assembly torchSharp) =>
        FindNative(torchSharp, "torchsharp", Shim) is { } shim && (FindNative(torchSharp, TorchPackage, Torch, TorchVersion) ?? FindNative(torchSharp, TorchPackage, Torch)) is { } torch ? (shim, Path.GetDirectoryName(torch)!) : null;

    /// <summary>A native file: beside the program, beside FlowKit or the library that asks, or in the folder of its package, of that version or else the newest.</summary>
    private static string? FindNative(Assembly asking, string package, string file, string? version = null)
    {
        string native = Path.Combine("runtimes", Rid, "native");
        string[] beside = [AppContext.BaseDirectory, FolderOf(typeof(NativeLoader).Assembly), FolderOf(asking)];
        string probing = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";

        List<string> folders =
        [
            .. beside.SelectMany(folder => new[] { Path.Combine(folder, native), folder }),
            .. OperatingSystem.IsMacOS() ? beside.Select(folder => Path.Combine(folder, "runtimes", "osx", "native")) : [],
            .. probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        ];
        return Locate(folders, file) ?? LocateInPackages(FolderOf(asking), package, native, file, version);
    }

    private static string Rid => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    private static string FolderOf(Assembly assembly) => Path.GetDirectoryName(assembly.Location) ?? "";

    private static string? Locate(IEnumerable<string> folders, string file) =>
        folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    // A notebook kernel that got TorchSharp by #r "nuget: ..." runs it from the package folder: PACKAGES/torchsharp/VERSION/lib/TFM/TorchSharp.dll.
    private static string? LocateInPackages(string torchSharpFolder, string package, string native, string file, string? exactly)
    {
        string packages = Path.GetFullPath(Path.Combine(torchSharpFolder, "..", "..", "..", ".."));
        string folder = Path.Combine(packages, package);
        if (!Directory.Exists(Path.Combine(packages, "torchsharp")) || !Directory.Exists(folder)) return null;

        return Directory.EnumerateDirectories(folder)
            .Where(version => exactly is null || Path.GetFileName(version) == exactly)
            .OrderByDescending(version => Version.TryParse(Path.GetFileName(version), out var parsed) ? parsed : new Version())
            .Select(version => Path.Combine(version, native, file))
            .FirstOrDefault(File.Exists);
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
