using System.Reflection;

namespace FlowKit;

/// <summary>Where native libraries lie: beside the program, beside FlowKit, or in the folder of their package.</summary>
internal static class NativeFiles
{
    /// <summary>The package with this system's libtorch.</summary>
    public static string TorchPackage => $"libtorch-cpu-{Rid}";

    /// <summary>The version of that package that TorchSharp was built for.</summary>
    public static string TorchVersion { get; } = typeof(NativeFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "LibTorchVersion").Value!;

    /// <summary>Whether libtorch lies where this process would load it from, or is named by its user.</summary>
    public static bool HasTorch => NativeLoader.Named is not null || Find(typeof(torch).Assembly, TorchPackage, Torch, TorchVersion) is not null;

    /// <summary>TorchSharp's own library on Linux, the shim; null where it is not found.</summary>
    public static string? Shim(Assembly torchSharp) => Find(torchSharp, "torchsharp", "libLibTorchSharp.so");

    /// <summary>The folder of libtorch; null where it is not found.</summary>
    public static string? TorchFolder(Assembly torchSharp) => Path.GetDirectoryName(Find(torchSharp, TorchPackage, Torch, TorchVersion) ?? Find(torchSharp, TorchPackage, Torch));

    /// <summary>A native file: beside the program, beside FlowKit or the library that asks, or in the folder of its package, of that version or else the newest.</summary>
    public static string? Find(Assembly asking, string package, string file, string? version = null)
    {
        string native = Path.Combine("runtimes", Rid, "native");
        string[] beside = [AppContext.BaseDirectory, FolderOf(typeof(NativeFiles).Assembly), FolderOf(asking)];
        string probing = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";

        List<string> folders =
        [
            .. beside.SelectMany(folder => new[] { Path.Combine(folder, native), folder }),
            .. OperatingSystem.IsMacOS() ? beside.Select(folder => Path.Combine(folder, "runtimes", "osx", "native")) : [],
            .. probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        ];
        return Locate(folders, file) ?? LocateInPackages(FolderOf(asking), package, native, file, version);
    }

    private static string Torch => OperatingSystem.IsWindows() ? "torch.dll" : OperatingSystem.IsMacOS() ? "libtorch.dylib" : "libtorch.so";

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
}
