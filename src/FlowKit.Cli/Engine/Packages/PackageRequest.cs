using NuGet.Versioning;

namespace FlowKit.Cli;

/// <summary>A package that a cell asked for with <c>#r "nuget: Id, Version"</c>.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">The acceptable versions, or null for the newest stable one.</param>
/// <param name="Place">The line of the request.</param>
internal sealed record PackageRequest(string Id, VersionRange? Version, CellProblem Place)
{
    /// <summary>The version as a project file writes it.</summary>
    public string Wanted => Version?.OriginalString ?? "*";

    /// <summary>Whether a version was requested and this is a different one. Here "1.0" means exactly 1.0, although NuGet reads it as a minimum.</summary>
    public bool IsOther(string version) =>
        Version is not null && NuGetVersion.TryParse(version, out var found)
        && !(Version is { IsMinInclusive: true, HasUpperBound: false, IsFloating: false } ? Version.MinVersion == found : Fits(found));

    private bool Fits(NuGetVersion found) => Version!.Float?.Satisfies(found) ?? Version.Satisfies(found);
}
