using System.Runtime.InteropServices;
using CsCheck;

namespace FlowKit.Tests.Runtime;

/// <summary>ELF libraries that are read, and those that are written.</summary>
public class ElfTests
{
    public ElfTests() => NativePackage.SkipUnlessHere();

    private static string Shim => NativePackage.Shim;

    [Fact]
    public void A_library_tells_its_name_its_machine_and_its_needs()
    {
        var shim = ElfLibrary.Read(Shim);
        Assert.Equal((ElfLibrary.X64, "libLibTorchSharp.so"), (shim.Machine, shim.Name));
        Assert.Equal(["libtorch.so", "libc10.so", "libtorch_cpu.so"], shim.Needs.Take(3));
    }

    [Fact]
    public void What_it_insists_on_is_told_without_what_has_a_version_and_found_where_it_is_defined()
    {
        var wanted = ElfLibrary.Read(Shim).Undefined();
        Assert.Contains("_ZTIN3c105ErrorE", wanted);
        Assert.DoesNotContain("malloc", wanted);                              // GLIBC_2.2.5
        Assert.DoesNotContain("THSTensor_ones", wanted);                      // its own
        wanted.Add("no such symbol");
        foreach (string name in (string[])["libtorch_cpu.so", "libc10.so"]) ElfLibrary.Read(Path.Combine(NativePackage.Folder, name)).RemoveDefined(wanted);
        Assert.Equal(["no such symbol"], wanted);
    }

    [Fact]
    public void A_damaged_library_is_refused_or_read_but_never_crashes()
    {
        byte[] image = File.ReadAllBytes(Shim);
        string file = Path.GetTempFileName();
        try
        {
            Gen.Select(Gen.Int[0, 63], Gen.Byte, Gen.Int[10, image.Length]).Sample((at, value, length) =>
            {
                byte[] damaged = image[..length];
                if (at < length) damaged[at] = value;
                File.WriteAllBytes(file, damaged);
                try
                {
                    return ElfLibrary.Read(file).Undefined().Count >= 0;
                }
                catch (BadImageFormatException)
                {
                    return true;
                }
            }, iter: 50, threads: 1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("flowkit_one", 1)]
    [InlineData("f", -7)]
    public void A_written_library_loads_and_its_function_returns_what_it_should(string function, int value)
    {
        string file = Path.GetTempFileName();
        try
        {
            string name = $"libflowkit test é {function}.so";
            byte[] image = ElfStub.Build(name, function, value);
            Assert.InRange(image.Length, 1, 5000);
            File.WriteAllBytes(file, image);
            nint library = NativeLibrary.Load(file);
            Assert.Equal(value, Call(library, function));
            Assert.False(NativeLibrary.TryGetExport(library, function + "x", out _));
            Assert.Equal(library, NativeLibrary.Load(name));                // what it calls itself
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_library_of_the_global_scope_is_seen_from_everywhere()
    {
        const string library = "libflowkit_test.so", function = "flowkit_test_global";
        nint process = NativeLibrary.GetMainProgramHandle();
        Assert.False(NativeLibrary.TryGetExport(process, function, out _));
        Assert.Null(MklWidth.Load(library, function));
        Assert.Equal(1, Call(process, function));

        byte[] image = ElfStub.Build(library, function, 1);
        Directory.Delete(Path.GetDirectoryName(NativeCache.Put(library, image, NativeCache.KeyOf(image)))!, recursive: true);
    }

    [Theory]
    [InlineData(true, "AuthenticAMD", true, null)]
    [InlineData(true, "GenuineIntel", true, "the processor is GenuineIntel, where MKL needs no help")]
    [InlineData(true, "AuthenticAMD", false, "the processor has no AVX-512")]
    [InlineData(false, "AuthenticAMD", true, "this is not x64 Linux")]
    public void MKLs_full_width_is_for_processors_of_AMD_with_AVX512_alone(bool isLinuxX64, string vendor, bool hasAvx512, string? obstacle) =>
        Assert.Equal(obstacle, MklWidth.Obstacle(isLinuxX64, vendor, hasAvx512));

    [Theory]
    [InlineData(null)]
    [InlineData("full")]
    [InlineData("wide")]
    public void What_MKL_was_asked_for_changes_no_answer(string? asked)
    {
        var (code, lines, error) = LibTorchProcess.Run([.. asked is null ? [] : (ReadOnlySpan<(string, string)>)[(MklWidth.Variable, asked)]]);
        Assert.Equal((0, "sum 12"), (code, lines[0]));
        Assert.Equal(asked == "wide" ? "FlowKit: MKL stays as it comes; FLOWKIT_MKL=wide is not done: it is 'full' or not set.\n" : "", error);
    }

    [Fact]
    public void The_processor_has_a_name()
    {
        Assert.NotEqual("", Processor.Name);
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Assert.Contains($"vendor_id\t: {Processor.Vendor}", File.ReadAllText("/proc/cpuinfo"));
        if (File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line)
            Assert.Contains(string.Join(' ', line[(line.IndexOf(':') + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), (string[])[Processor.Name, "unknown"]);
    }

    private static int Call(nint library, string function) => Marshal.GetDelegateForFunctionPointer<Constant>(NativeLibrary.GetExport(library, function))();

    private delegate int Constant();
}
