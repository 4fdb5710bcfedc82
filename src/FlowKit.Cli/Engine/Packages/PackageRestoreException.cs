namespace FlowKit.Cli;

/// <summary>NuGet could not restore a set of packages.</summary>
/// <param name="errors">What it said, one sentence or two each.</param>
internal sealed class PackageRestoreException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    /// <summary>What it said.</summary>
    public IReadOnlyList<string> Errors => errors;
}
