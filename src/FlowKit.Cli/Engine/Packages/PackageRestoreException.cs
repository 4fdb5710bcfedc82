namespace FlowKit.Cli;

/// <summary>NuGet could not restore a set of packages.</summary>
/// <param name="errors">NuGet's error messages.</param>
internal sealed class PackageRestoreException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    /// <summary>NuGet's error messages.</summary>
    public IReadOnlyList<string> Errors => errors;
}
