namespace FlowKit.Cli;

/// <summary>A package on this machine and the files of it that this machine uses; all paths are absolute.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Folder">The folder that holds it.</param>
/// <param name="Compile">The assemblies to compile against.</param>
/// <param name="Runtime">The assemblies to load.</param>
/// <param name="Native">Native libraries.</param>
internal sealed record RestoredPackage(
    string Id, string Version, string Folder, IReadOnlyList<string> Compile, IReadOnlyList<string> Runtime, IReadOnlyList<string> Native)
{
    private const string ExtensionFile = "interactive-extensions/dotnet/extension.dib";

    /// <summary>The notebook that sets the package up for use in notebooks, or null.</summary>
    public string? Extension => Path.Combine(Folder, ExtensionFile) is var path && File.Exists(path) ? path : null;

    /// <summary>Whether every file is still there.</summary>
    public bool IsWhole => Compile.Concat(Runtime).Concat(Native).All(File.Exists);
}
