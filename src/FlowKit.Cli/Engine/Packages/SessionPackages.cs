using Microsoft.CodeAnalysis;
using NuGet.Versioning;

namespace FlowKit.Cli;

/// <summary>The packages that a session requested. Those that this program contains come from it, and all others from NuGet.</summary>
/// <param name="directory">The session's folder.</param>
/// <param name="cache">Remembers sets that were restored before.</param>
/// <param name="assemblies">Loads what the packages hold.</param>
internal sealed class SessionPackages(string directory, PackageCache cache, SessionAssemblies assemblies)
{
    private readonly Dictionary<string, PackageRequest> requests = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RestoredPackage> restored = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, MetadataReference> references = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> sources = [];

    /// <summary>The folder that relative sources start from.</summary>
    public string Directory => directory;

    /// <summary>The assemblies of all packages, for the compiler.</summary>
    public IEnumerable<MetadataReference> References => references.Values;

    /// <summary>Adds packages to the session, returns the extensions of those that are new in it, and notes each version that differs from the requested one.</summary>
    /// <exception cref="CellException">A package is not available.</exception>
    public IReadOnlyList<string> Add(PackageDirectives directives)
    {
        PackageRequest[] wanted = [.. directives.Requests.Where(IsNew)];
        if (wanted.Length == 0)
        {
            sources.UnionWith(directives.Sources);
            return [];
        }

        string[] from = [.. sources.Union(directives.Sources)];
        var all = requests.Values.Concat(wanted.DistinctBy(request => request.Id, StringComparer.OrdinalIgnoreCase)).ToList();
        RestoredPackage[] added = [.. Restore(all, from).Where(package => HostPackages.Version(package.Id) is not null || restored.TryAdd(package.Id, package) || Differs(package))];
        sources.UnionWith(directives.Sources);
        foreach (var request in all) requests[request.Id] = request;
        foreach (var package in added) Take(package);
        return [.. added.Select(package => package.Extension).OfType<string>()];
    }

    private bool IsNew(PackageRequest request)
    {
        string? has = HostPackages.Version(request.Id) ?? restored.GetValueOrDefault(request.Id)?.Version;
        if (has is not null && request.IsOther(has)) Note(request.Id, $"{request.Wanted} was asked for", has);
        return has is null;
    }

    private IReadOnlyList<RestoredPackage> Restore(IReadOnlyList<PackageRequest> all, IReadOnlyList<string> from)
    {
        try
        {
            return cache.Get(new(all, from, directory));
        }
        catch (PackageRestoreException failed)
        {
            CellProblem[] problems = [.. failed.Errors.Select(error =>
                (all.FirstOrDefault(request => error.Contains(request.Id, StringComparison.OrdinalIgnoreCase)) ?? all[^1]).Place with { Message = error })];
            throw new CellException("PackageError", problems.Length == 1 ? problems[0].Message : $"{problems.Length} packages cannot be restored.", problems);
        }
    }

    // A package that was restored earlier keeps its version, since its assemblies may be loaded.
    private bool Differs(RestoredPackage package)
    {
        if (restored[package.Id].Version != package.Version) Note(package.Id, $"a package needs {package.Version}", restored[package.Id].Version);
        return false;
    }

    private void Take(RestoredPackage package)
    {
        if (HostPackages.Version(package.Id) is { } own)
        {
            if (NuGetVersion.Parse(own) < NuGetVersion.Parse(package.Version)) Note(package.Id, $"a package needs {package.Version}", own);
            return;
        }
        assemblies.Remember(package.Runtime);
        assemblies.RememberNative(package.Native);
        foreach (string file in package.Compile)
            if (HostReferences.Get(Path.GetFileNameWithoutExtension(file)) is null)
                references.TryAdd(Path.GetFileNameWithoutExtension(file), MetadataReference.CreateFromFile(file));
    }

    private static void Note(string id, string wish, string has) =>
        OutputSink.Current?.Write("stderr", $"[flowkit: {id} {has} is loaded; {wish}]\n");
}
