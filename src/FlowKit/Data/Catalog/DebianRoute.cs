using System.Diagnostics;

namespace FlowKit.Data;

/// <summary>Files out of Debian packages. Nothing is installed and no administrator is needed.</summary>
internal sealed class DebianRoute(IReadOnlyList<string> packages) : PackageRoute
{
    private static readonly TimeSpan glance = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public override string Name => $"Debian package {string.Join(" and ", packages)}";

    /// <inheritdoc/>
    protected override async Task Unpack(string work, string unpacked, IFetchView view, CancellationToken cancel)
    {
        await Get(work, view, cancel);
        foreach (string package in Directory.EnumerateFiles(work, "*.deb"))
            await ExternalTool.Run("dpkg-deb", ["-x", package, unpacked], work, cancel);
    }

    private async Task Get(string work, IFetchView view, CancellationToken cancel)
    {
        try
        {
            string announced = await ExternalTool.Run("apt-get", ["download", "--print-uris", .. packages], work, cancel);
            var getting = ExternalTool.Run("apt-get", ["download", "-o", "APT::Sandbox::User=", .. packages], work, cancel);
            var clock = Stopwatch.StartNew();
            while (await Task.WhenAny(getting, Task.Delay(glance, CancellationToken.None)) != getting)
                view.Report(new(Name, new DirectoryInfo(work).EnumerateFiles().Sum(file => file.Length), Total(announced), Start: 0, clock.Elapsed));
            await getting;
        }
        catch (IOException error)
        {
            throw new IOException($"{error.Message} (On Debian and Ubuntu, 'apt-get update' brings the list of packages up to date.)", error);
        }
    }

    // Lines such as: 'https://.../name_1.0_all.deb' name_1.0_all.deb 30900652 SHA256:...
    private static long? Total(string announced)
    {
        var sizes = announced.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ') is [_, _, var size, ..] && long.TryParse(size, out long bytes) ? bytes : (long?)null).ToList();
        return sizes.Contains(null) ? null : sizes.Sum();
    }
}
