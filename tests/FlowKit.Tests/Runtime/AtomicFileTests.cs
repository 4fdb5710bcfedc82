using System.Runtime.Versioning;

namespace FlowKit.Tests.Runtime;

public sealed class AtomicFileTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_write_that_fails_leaves_the_file_before_and_nothing_else()
    {
        AtomicFile.Write(scratch["f"], "before");
        Assert.Throws<IOException>(() => AtomicFile.Write(scratch["f"], stream =>
        {
            stream.Write([1, 2, 3]);
            throw new IOException("the disk is full");
        }));
        Assert.Equal("before", File.ReadAllText(scratch["f"]));
        Assert.Equal(["f"], scratch.Files);
    }

    [Fact]
    public void What_a_killed_process_left_behind_is_replaced()
    {
        File.WriteAllText(scratch[".f.tmp"], "half of a much longer text");
        AtomicFile.Write(scratch["f"], "whole");
        Assert.Equal("whole", File.ReadAllText(scratch["f"]));
        Assert.Equal(["f"], scratch.Files);
    }

    [Fact]
    public void Two_writers_at_once_both_succeed_and_the_last_one_stays()
    {
        AtomicFile.Write(scratch["f"], first =>
        {
            first.Write("first"u8);
            AtomicFile.Write(scratch["f"], "second");
            AtomicFile.CheckWritable(scratch["f"]);
            Assert.Equal("second", File.ReadAllText(scratch["f"]));
        });
        Assert.Equal("first", File.ReadAllText(scratch["f"]));
        Assert.Equal(["f"], scratch.Files);
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void A_link_stays_a_link_and_a_file_keeps_its_mode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix system.");

        File.WriteAllText(scratch["f"], "before");
        File.SetUnixFileMode(scratch["f"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(scratch["link"], "f");
        AtomicFile.Write(scratch["link"], "after");
        Assert.Equal("f", new FileInfo(scratch["link"]).LinkTarget);
        Assert.Equal("after", File.ReadAllText(scratch["f"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch["f"]));
    }

    [Fact]
    public void What_cannot_be_written_is_found_before_and_nothing_is_left()
    {
        Directory.CreateDirectory(scratch["folder"]);
        Assert.Equal("It is a folder.", Assert.Throws<IOException>(() => AtomicFile.CheckWritable(scratch["folder"])).Message);
        Assert.ThrowsAny<IOException>(() => AtomicFile.CheckWritable(scratch["nowhere/f"]));
        AtomicFile.CheckWritable(scratch["f"]);
        Assert.Equal(["folder"], scratch.Files);
    }
}
