using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlowKit.Tests.Runtime;

/// <summary>FLOWKIT_LIBTORCH: which folders are taken, and that what is loaded comes from them alone.</summary>
public sealed partial class LibTorchFolderTests : IDisposable
{
    private static readonly string[] Needed = ["libtorch.so", "libtorch_cpu.so", "libc10.so"];

    private readonly string work = Directory.CreateTempSubdirectory("flowkit-libtorch-").FullName;

    public LibTorchFolderTests() => NativePackage.SkipUnlessHere();

    public void Dispose() => Directory.Delete(work, recursive: true);

    private static string Package => Path.GetDirectoryName(File.ResolveLinkTarget(Path.Combine(Native, "libtorch_cpu.so"), returnFinalTarget: true)?.FullName ?? Path.Combine(Native, "libtorch_cpu.so"))!;

    private static string Native => NativePackage.Folder;

    private static string Shim => NativePackage.Shim;

    [Fact]
    public void A_copy_is_loaded_and_nothing_of_the_package_beside_it()
    {
        foreach (string file in Directory.EnumerateFiles(Package))
            if (Path.GetFileName(file) is var name && (Needed.Contains(name) || name.StartsWith("libgomp", StringComparison.Ordinal)) && link(file, Path.Combine(work, name)) != 0)
                File.Copy(file, Path.Combine(work, name));                    // on another file system

        var (code, lines, error) = LibTorchProcess.Run((LibTorchFolder.Variable, work));
        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.Equal(["sum 12", "team True"], lines[..2]);
        string[] maps = [.. lines.Where(line => line.StartsWith("map ", StringComparison.Ordinal)).Select(line => line[4..]).Order(StringComparer.Ordinal)];
        Assert.Equal(Directory.EnumerateFiles(work).Order(StringComparer.Ordinal), maps);
    }

    [Fact]
    public void The_programs_own_folder_serves_although_decoys_bear_its_names()
    {
        var (code, lines, error) = LibTorchProcess.Run((LibTorchFolder.Variable, Native));
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["sum 12", "team True"], lines[..2]);
        Assert.Single(lines, line => line.EndsWith("/libtorch_cpu.so", StringComparison.Ordinal) && line.StartsWith("map ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_libtorch_that_was_loaded_before_is_told_and_no_second_one_is_loaded()
    {
        string early = Path.Combine(Native, "libtorch_cpu.so");
        var (code, lines, _) = LibTorchProcess.Run((LibTorchFolder.Variable, work), (LibTorchProcess.Early, early));
        Assert.Equal(0, code);
        Assert.Contains($"Found: another libtorch in the process, {Path.Combine(Package, "libtorch_cpu.so")}: torch was used before FlowKit was loaded.", lines[0]);
    }

    [Fact]
    public void Another_minor_version_is_tried_with_a_warning_that_names_the_file_that_tells_it()
    {
        string folder = PyTorch("2.11.0+cu128");
        var (code, lines, error) = LibTorchProcess.Run((LibTorchFolder.Variable, folder));
        Assert.Equal((0, "sum 12"), (code, lines[0]));
        Assert.Contains($"holds libtorch 2.11.0+cu128 ({Path.Combine(work, "torch", "version.py")}); TorchSharp was built for 2.10.0.", error);
    }

    [Fact]
    public void A_refused_folder_is_told_at_each_use_and_loads_nothing()
    {
        var (code, lines, error) = LibTorchProcess.Run((LibTorchFolder.Variable, Path.Combine(work, "nowhere")));
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(2, lines.Length);                                        // no map of a libtorch
        string expected = $"{LibTorchFolder.Variable} is '{Path.Combine(work, "nowhere")}'. Expected: the folder of a libtorch 2.10 for x64 Linux";
        Assert.StartsWith($"refused {expected}", lines[0]);
        Assert.Contains("Found: there is no such folder.", lines[0]);
        Assert.StartsWith($"again {expected}", lines[1]);
    }

    [Fact]
    public void The_packages_own_folder_fits()
    {
        var found = LibTorchFolder.Check(Native, Shim);
        Assert.Equal(NativeFiles.TorchVersion, found.Version);
        Assert.False(found.IsOther);
    }

    [Theory]
    [InlineData("version.py", "__all__ = ['a']\n__version__ = '2.9.1+cpu'\ndebug = False\ncuda: str = '12.8'\n", "2.9.1+cpu", true)]
    [InlineData("version.py", "__version__: str = \"2.10.3\"\n", "2.10.3", false)]
    [InlineData("build-version", "2.10.0+cu130\n", "2.10.0+cu130", false)]
    [InlineData("version.py", "nothing\n", null, false)]
    public void The_version_is_read_beside_the_folder(string file, string text, string? version, bool isOther)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(work, "lib")).FullName, "..", file), text);
        var found = LibTorchFolder.At(Path.Combine(work, "lib"));
        Assert.Equal((version, isOther), (found.Version, found.IsOther));
        Assert.Equal(version is null ? null : Path.Combine(work, file), found.Source);
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_refused()
    {
        string file = Path.Combine(work, "lib");
        File.WriteAllText(file, "text");
        Refused(file, "it is a file.");
    }

    [Fact]
    public void A_folder_without_libtorch_is_refused_and_the_one_below_is_named()
    {
        Refused(work, "there is no libtorch.so in it.");
        PyTorch("2.10.0");
        Refused(Path.Combine(work, "torch"), $"there is no libtorch.so in it. Did you mean {Path.Combine(work, "torch", "lib")}?");
        Refused(work, $"Did you mean {Path.Combine(work, "torch/lib")}?");
    }

    [Fact]
    public void Text_files_in_the_place_of_libraries_are_refused()
    {
        foreach (string name in Needed) File.WriteAllText(Path.Combine(work, name), "version https://git-lfs.github.com/spec/v1 oid sha256:0123456789 size 461211481");
        Refused(work, "libtorch.so is no library for x64 Linux.");
    }

    [Fact]
    public void A_library_for_another_processor_is_refused()
    {
        foreach (string name in Needed)
        {
            byte[] image = File.ReadAllBytes(Shim);
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(18), 183);
            File.WriteAllBytes(Path.Combine(work, name), image);
        }
        Refused(work, "libtorch.so is for another processor (ELF machine 183; x64 is 62).");
    }

    [Fact]
    public void Missing_symbols_are_counted_and_the_first_named()
    {
        foreach (string name in Needed) File.Copy(Path.Combine(Package, "libc10.so"), Path.Combine(work, name));
        string message = Refused(work, "a libtorch whose version no file tells lacks ");
        int all = ElfLibrary.Read(Shim).Undefined().Count;
        Assert.Contains($" of the {all:N0} symbols that TorchSharp needs: _Z", message);
        Assert.Contains(" and others.", message);
    }

    [Fact]
    public void Libraries_of_other_names_are_refused()
    {
        foreach (string name in Needed) File.CreateSymbolicLink(Path.Combine(work, name), Path.Combine(Package, name == "libtorch.so" ? "libtorch_global_deps.so" : name));
        Refused(work, "whose libtorch.so calls itself libtorch_global_deps.so");
    }

    [Fact]
    public void Debians_libtorch_is_refused_with_its_version_and_what_it_lacks()
    {
        const string folder = "/usr/lib/x86_64-linux-gnu";
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "libtorch_cpu.so.1.13")), "Debian's libtorch1.13 is not installed.");
        string message = Refused(folder, $"libtorch 1.13 ({folder}/libtorch_cpu.so.1.13) lacks ");
        Assert.Contains("symbols that TorchSharp needs: ", message);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string file, string name);

    private static string Refused(string folder, string found)
    {
        string message = Assert.Throws<NotSupportedException>(() => LibTorchFolder.Check(folder, Shim)).Message;
        Assert.StartsWith($"FLOWKIT_LIBTORCH is '{folder}'. Expected: the folder of a libtorch 2.10 for x64 Linux", message);
        Assert.Contains("Found: ", message);
        Assert.Contains(found, message);
        return message;
    }

    // The package's libtorch, as a PyTorch of that version would have it.
    private string PyTorch(string version)
    {
        string folder = Directory.CreateDirectory(Path.Combine(work, "torch", "lib")).FullName;
        foreach (string file in Directory.EnumerateFiles(Package)) File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        File.WriteAllText(Path.Combine(work, "torch", "version.py"), $"__version__ = '{version}'\n");
        return folder;
    }
}
