using System.Reflection;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Keeps TorchSharp's search for native libraries from loading the package's libtorch beside the one that the user chose: two in a process end it.</summary>
/// <remarks>
/// TorchSharp's type initializer loads torch_cpu, torch_cuda and its shim by name, and the runtime opens what lies in the program's folders before it asks any hook. ld.so, in turn, gives a library that is in the process already
/// to whoever asks for what that library calls itself. So for each file that would be found a library of one function is loaded that calls itself by the path of that file (<see cref="ElfStub"/>); it satisfies the search, and
/// the calls that follow are answered by <see cref="NativeLoader"/>.
/// </remarks>
internal static class NativeDecoys
{
    /// <summary>What the search asks for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["torch_cpu", "torch_cuda", "LibTorchSharp"];

    /// <summary>Loads a decoy for each file that the search would find.</summary>
    /// <exception cref="IOException">No decoy could be written.</exception>
    public static void Load(Assembly torchSharp)
    {
        string probing = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string?[] folders =
        [
            .. probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            Path.GetDirectoryName(torchSharp.Location), Path.GetDirectoryName(NativeFiles.Shim(torchSharp)), NativeFiles.TorchFolder(torchSharp),
        ];
        foreach (string folder in folders.OfType<string>().Where(folder => folder.Length > 0).Distinct())
            foreach (string name in Names)
                if (Path.Combine(folder, $"lib{name}.so") is var file && File.Exists(file)) LoadAs(file);
    }

    /// <summary>The same file by a path that no decoy has, where there are decoys.</summary>
    public static string Past(string file) => NativeLoader.Named is null ? file : Path.Combine(Path.GetDirectoryName(file)!, ".", Path.GetFileName(file));

    private static void LoadAs(string name)
    {
        byte[] image = ElfStub.Build(name, "flowkit_decoy", 0);
        NativeLibrary.Load(NativeCache.Put("libflowkit_decoy.so", image, NativeCache.KeyOf(image)));
    }
}
