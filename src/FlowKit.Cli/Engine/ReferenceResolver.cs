using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Resolves <c>#r</c> to the host's own copy of an assembly if there is one, otherwise to a file relative to the file that contains the line.</summary>
internal sealed class ReferenceResolver(string directory) : MetadataReferenceResolver
{
    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (HostReferences.Get(SimpleName(reference)) is { } own) return [own];
        if (reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)) return [];

        string folder = baseFilePath is null ? directory : Path.GetDirectoryName(Path.GetFullPath(baseFilePath, directory)) ?? directory;
        string file = Path.GetFullPath(reference, folder);
        return File.Exists(file) ? [MetadataReference.CreateFromFile(file, properties)] : [];
    }

    // "lib/X.dll" and "nuget: X, 1.0" are both X.
    private static string SimpleName(string reference)
    {
        if (reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase)) return reference["nuget:".Length..].Split(',')[0].Trim();
        string file = Path.GetFileName(reference.Replace('\\', '/'));
        return file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? file[..^4] : file;
    }

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is ReferenceResolver;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
