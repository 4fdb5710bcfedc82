using NuGet.Versioning;

namespace FlowKit.Cli;

/// <summary>A package that a cell asked for with <c>#r "nuget: Id, Version"</c>.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">The versions that serve, or null for the newest stable one.</param>
/// <param name="Place">The line that asks.</param>
internal sealed record PackageRequest(string Id, VersionRange? Version, CellProblem Place)
{
    /// <summary>The version as a project file writes it.</summary>
    public string Wanted => Version?.OriginalString ?? "*";

    /// <summary>Whether a version was asked for and this is another one: "1.0" is 1.0 and nothing else here, though NuGet takes it as the least.</summary>
    public bool IsOther(string version) =>
        Version is not null && NuGetVersion.TryParse(version, out var found)
        && !(Version is { IsMinInclusive: true, HasUpperBound: false, IsFloating: false } ? Version.MinVersion == found : Fits(found));

    private bool Fits(NuGetVersion found) => Version!.Float?.Satisfies(found) ?? Version.Satisfies(found);
}
