using System.Runtime.InteropServices;
using CsCheck;

namespace FlowKit.Tests;

public class LoaderTests
{
    [Fact]
    public void Torch_works_in_a_program_that_only_references_FlowKit() => Assert.Equal(6.0, arange(4, float64).sum().ToDouble());

    [Fact]
    public void Preparing_twice_changes_nothing()
    {
        FlowKit.Runtime.EnsureLoaded();
        FlowKit.Runtime.EnsureLoaded();
        Assert.Equal(2, ones(2).numel());
    }

    [Fact]
    public void The_copy_differs_from_the_stock_library_in_weak_flags_alone_and_loads()
    {
        string stock = StockShim();
        string copy = NativeLoader.PatchedCopy(stock);
        byte[] a = File.ReadAllBytes(stock), b = File.ReadAllBytes(copy);
        Assert.Equal(a.Length, b.Length);
        int[] differences = [.. Enumerable.Range(0, a.Length).Where(i => a[i] != b[i])];
        Assert.Single(differences);
        Assert.Equal(a[differences[0]] | 2, b[differences[0]]);
        _ = ones(1);                                                          // libtorch is in the process
        Assert.True(NativeLibrary.TryLoad(copy, out _));
        Assert.Equal(copy, NativeLoader.PatchedCopy(stock));
    }

    [Fact]
    public void A_version_nobody_needs_marks_nothing()
    {
        byte[] image = File.ReadAllBytes(StockShim());
        byte[] before = [.. image];
        Assert.Equal(0, ElfVersionNeeds.MarkWeak(image, "GLIBCXX_9.9.9"));
        Assert.Equal(before, image);
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.MarkWeak(new byte[10], "GLIBCXX_3.4.32"));
        Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.MarkWeak(new byte[1000], "GLIBCXX_3.4.32"));
    }

    [Fact]
    public void A_damaged_library_is_refused_or_read_but_never_crashes()
    {
        byte[] image = File.ReadAllBytes(StockShim());
        Gen.Select(Gen.Int[64, image.Length - 1], Gen.Int[0, 63], Gen.Byte).Sample((length, at, value) =>
        {
            byte[] damaged = image[..length];
            damaged[at] = value;
            try
            {
                return ElfVersionNeeds.MarkWeak(damaged, "GLIBCXX_3.4.32") >= 0;
            }
            catch (BadImageFormatException)
            {
                return true;
            }
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void Threads_and_devices_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Threads", () => FlowKit.Runtime.Threads = 0);
        Assert.Equal(DeviceType.CPU, FlowKit.Runtime.Device("cpu").type);
        foreach (string bad in (string[])["gpu", "cuda:", "cuda:x", "cuda:-1", ""])
            Assert.Contains($"'{bad}'", Assert.Throws<ArgumentException>("name", () => FlowKit.Runtime.Device(bad)).Message);
        if (!cuda.is_available()) Assert.Contains("TorchDevice=cuda", Assert.Throws<NotSupportedException>(() => FlowKit.Runtime.Device("cuda")).Message);
    }

    [Fact]
    public void The_same_seed_gives_the_same_draws()
    {
        FlowKit.Runtime.Seed(7);
        var first = randn(5);
        FlowKit.Runtime.Seed(7);
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(first, randn(5)));
    }

    private static string StockShim()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF libraries are Linux's.");
        return Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
    }
}
