using System.Text.RegularExpressions;

namespace FlowKit;

/// <summary>A libtorch of the user's choice in place of the package's: the folder that FLOWKIT_LIBTORCH names, such as the torch/lib of an installed PyTorch.</summary>
/// <remarks>
/// TorchSharp's shim is C++ that was compiled for one libtorch. Another one fits if it has every symbol that the shim takes from it, which is read from the files before anything is loaded, and if a probe then computes
/// what it should (<see cref="LibTorchProbe"/>).
/// </remarks>
/// <param name="Path">The folder.</param>
/// <param name="Version">Of libtorch; null where no file tells it.</param>
/// <param name="Source">The file that told it.</param>
internal sealed partial record LibTorchFolder(string Path, string? Version, string? Source)
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "FLOWKIT_LIBTORCH";

    private const int Shown = 3;                // symbols that a refusal names

    /// <summary>What a process loads, in this order: each has what the next one needs.</summary>
    public static IReadOnlyList<string> Libraries { get; } = ["libc10.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"];

    /// <summary>The folder that the environment names, as a full path; null where it names none.</summary>
    public static string? Named => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? System.IO.Path.GetFullPath(folder) : null;

    /// <summary>Whether its version has another major or minor number than the one that TorchSharp was built for.</summary>
    public bool IsOther => Version is not null && Series(Version) != Series(NativeFiles.TorchVersion);

    /// <summary>A folder and the version that the files in and around it tell.</summary>
    public static LibTorchFolder At(string folder)
    {
        string above = System.IO.Path.Combine(folder, "..");
        string[] files = [System.IO.Path.Combine(above, "version.py"), System.IO.Path.Combine(above, "build-version")];       // of a PyTorch, and of a libtorch that was unpacked
        foreach (string file in files)
            if (File.Exists(file) && VersionText().Match(File.ReadAllText(file)) is { Success: true } text) return new(folder, text.Value, System.IO.Path.GetFullPath(file));

        string? library = FileOf(folder, "libtorch_cpu.so");
        if (library is not null && VersionText().Match(library[(library.LastIndexOf(".so", StringComparison.Ordinal) + 3)..]) is { Success: true } ending) return new(folder, ending.Value, library);

        // VERSION/runtimes/linux-x64/native: a package, to which a program's folder may only have links.
        string real = library is null ? folder : System.IO.Path.GetDirectoryName(File.ResolveLinkTarget(library, returnFinalTarget: true)?.FullName ?? library)!;
        return PackageVersion().Match(real) is { Success: true } package ? new(folder, package.Groups[1].Value, real) : new(folder, null, null);
    }

    /// <summary>The folder, if what it holds fits the shim as far as files can tell. Nothing is loaded.</summary>
    /// <param name="folder">A full path.</param>
    /// <param name="shim">TorchSharp's native library.</param>
    /// <exception cref="NotSupportedException">It does not fit; the message names the variable, what was expected and what was found.</exception>
    public static LibTorchFolder Check(string folder, string shim)
    {
        try
        {
            return Checked(folder, shim);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refusal(folder, $"it cannot be read: {e.Message}");
        }
    }

    /// <summary>The error of a folder that cannot serve.</summary>
    public static NotSupportedException Refusal(string folder, string found) => new(
        $"{Variable} is '{folder}'. Expected: the folder of a libtorch {Series(NativeFiles.TorchVersion)} for x64 Linux, such as the torch/lib of an installed PyTorch. Found: {found} Without {Variable} the libtorch of the package is used.");

    private static LibTorchFolder Checked(string folder, string shim)
    {
        if (File.Exists(folder)) throw Refusal(folder, "it is a file.");
        if (!Directory.Exists(folder)) throw Refusal(folder, "there is no such folder.");

        var asking = ElfLibrary.Read(shim);
        string[] needed = [.. asking.Needs.Where(name => name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libc10", StringComparison.Ordinal))];
        foreach (string name in needed)
            if (FileOf(folder, name) is null) throw Refusal(folder, $"there is no {name} in it.{Elsewhere(folder, name)}");

        var at = At(folder);
        var missing = asking.Undefined();
        int all = missing.Count;
        foreach (string name in needed.Union(Libraries).Append("libc10_cuda.so"))
        {
            if (FileOf(folder, name) is not { } file) continue;
            var library = Read(folder, file);
            if (library.Machine != asking.Machine) throw Refusal(folder, $"{System.IO.Path.GetFileName(file)} is for another processor (ELF machine {library.Machine}; x64 is {ElfLibrary.X64}).");
            library.RemoveDefined(missing);
        }

        string version = at.Version is null ? "a libtorch whose version no file tells" : $"libtorch {at.Version} ({at.Source})";
        if (missing.Count > 0)
            throw Refusal(folder, $"{version} lacks {missing.Count:N0} of the {all:N0} symbols that TorchSharp needs: {string.Join(", ", missing.Order(StringComparer.Ordinal).Take(Shown))}{(missing.Count > Shown ? " and others" : "")}.");
        foreach (string name in needed)
            if (Read(folder, FileOf(folder, name)!).Name is var own && own != name) throw Refusal(folder, $"{version} whose {name} calls itself {own ?? "nothing"}: TorchSharp would not find it.");
        return at;
    }

    private static ElfLibrary Read(string folder, string file)
    {
        try
        {
            return ElfLibrary.Read(file);
        }
        catch (BadImageFormatException e)
        {
            throw Refusal(folder, $"{System.IO.Path.GetFileName(file)} is no library for x64 Linux. {e.Message}");
        }
    }

    // Debian's files end with their version.
    private static string? FileOf(string folder, string name) =>
        System.IO.Path.Combine(folder, name) is var file && File.Exists(file) ? file : Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"{name}.*").Order(StringComparer.Ordinal).FirstOrDefault() : null;

    private static string Elsewhere(string folder, string name) =>
        ((string[])["lib", "torch/lib"]).Select(below => System.IO.Path.Combine(folder, below)).FirstOrDefault(below => FileOf(below, name) is not null) is { } found ? $" Did you mean {found}?" : "";

    private static string Series(string version) => string.Join('.', version.Split('.', '+').Take(2));

    [GeneratedRegex(@"(?<=^\s*|^\.|__version__[^=\n]*=\s*['""])\d+\.\d+[\w.+]*", RegexOptions.Multiline)]
    private static partial Regex VersionText();

    [GeneratedRegex(@"libtorch[^/]*/(\d+\.\d+[\w.]*)/runtimes/")]
    private static partial Regex PackageVersion();
}
