using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>The assemblies that this program consists of: every cell sees them without <c>#r</c>.</summary>
internal static class HostReferences
{
    private static readonly Dictionary<string, PortableExecutableReference> byName = Find();

    /// <summary>All of them.</summary>
    public static ImmutableArray<MetadataReference> All { get; } = [.. byName.Values];

    /// <summary>The assembly of that simple name, or null.</summary>
    public static PortableExecutableReference? Get(string name) => byName.GetValueOrDefault(name);

    private static Dictionary<string, PortableExecutableReference> Find()
    {
        string[] paths = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return paths
            .Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), Open, StringComparer.OrdinalIgnoreCase);
    }

    // Metadata alone: machine code makes most of these files, and the compiler has no use for it.
    private static PortableExecutableReference Open(string path) =>
        AssemblyMetadata.Create(ModuleMetadata.CreateFromStream(File.OpenRead(path), PEStreamOptions.PrefetchMetadata)).GetReference(filePath: path, display: path);
}
