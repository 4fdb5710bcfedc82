using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace FlowKit.Cli;

/// <summary>The project whose restore fetches a set of packages.</summary>
/// <param name="requests">The packages.</param>
/// <param name="sources">Where to look besides the configured sources.</param>
/// <param name="directory">The folder where the search for NuGet.config begins; folders above it follow.</param>
internal sealed class PackageProject(IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources, string directory)
{
    /// <summary>The project file.</summary>
    /// <remarks>The runtime identifier makes NuGet choose native libraries. Build files in folders above the project are ignored.</remarks>
    public string Text { get; } = new XElement("Project",
        new XElement("PropertyGroup",
            new XElement("ImportDirectoryBuildProps", false),
            new XElement("ImportDirectoryBuildTargets", false),
            new XElement("ImportDirectoryPackagesProps", false)),
        new XElement("Import", new XAttribute("Project", "Sdk.props"), new XAttribute("Sdk", "Microsoft.NET.Sdk")),
        new XElement("PropertyGroup",
            new XElement("TargetFramework", "net10.0"),
            new XElement("RuntimeIdentifier", RuntimeInformation.RuntimeIdentifier),
            new XElement("SelfContained", false),
            new XElement("UseAppHost", false),
            new XElement("RestoreRootConfigDirectory", directory),
            new XElement("RestoreAdditionalProjectSources", string.Join(';', sources)),
            new XElement("NuGetAudit", false)),
        new XElement("ItemGroup", requests.Select(request =>
            new XElement("PackageReference", new XAttribute("Include", request.Id), new XAttribute("Version", request.Wanted)))),
        new XElement("Import", new XAttribute("Project", "Sdk.targets"), new XAttribute("Sdk", "Microsoft.NET.Sdk"))).ToString();

    /// <summary>A digest of everything that the restore depends on.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        [RuntimeInformation.RuntimeIdentifier, Configuration, .. requests.Select(request => $"{request.Id.ToLowerInvariant()} {request.Wanted}"), .. sources.Select(Stamp)]))))[..16];

    /// <summary>Whether a later restore may find a newer version.</summary>
    public bool IsFloating => requests.Any(request => request.Version is null or { IsFloating: true });

    // A package that was added to the folder may be newer than the one that was restored.
    private static string Stamp(string source) => Directory.Exists(source) ? $"{source} {Directory.GetLastWriteTimeUtc(source).Ticks}" : source;

    private string Configuration
    {
        get
        {
            for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
                if (folder.Exists && folder.EnumerateFiles("nuget.config", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive }).FirstOrDefault() is { } file)
                    return $"{file.FullName} {file.LastWriteTimeUtc.Ticks}";
            return "";
        }
    }
}
