using System.Diagnostics;

namespace FlowKit.Tests;

/// <summary>A file system of a few bytes that fills up as a disk does: a tmpfs, which root may mount on Linux. Elsewhere the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("flowkit-disk-").FullName;

    public SmallDisk(long bytes)
    {
        var (code, error) = OperatingSystem.IsLinux() ? Call("mount", "-t", "tmpfs", "-o", $"size={bytes}", "flowkit-test", folder) : (1, "needs Linux");
        if (code == 0) return;

        Directory.Delete(folder);
        Assert.Skip($"A disk that fills up cannot be mounted here: {error.Trim()}");
    }

    public string Folder => folder;

    public string this[string file] => Path.Combine(folder, file);

    public string[] Files => [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Where(file => file != Filler).Order()];

    private const string Filler = "filler";

    /// <summary>Leaves no byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(this[Filler], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (int size in new[] { 1 << 16, 1 << 10, 1 })
            try
            {
                while (true) file.Write(new byte[size]);
            }
            catch (IOException)
            {
                // full for pieces of that size
            }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(this[Filler]);

    public void Dispose()
    {
        Call("umount", "-l", folder);
        Directory.Delete(folder);
    }

    private static (int Code, string Error) Call(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (1, missing.Message);
        }
    }
}
