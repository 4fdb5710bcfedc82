using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Answers the <c>#r</c> lines of code that is being written: files are read, packages are never fetched.</summary>
internal sealed class SketchResolver(string directory) : MetadataReferenceResolver
{
    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) ? [] : new ReferenceResolver(directory).ResolveReference(reference, baseFilePath, properties);

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is SketchResolver;

    /// <inheritdoc/>
    public override int GetHashCode() => 1;
}
