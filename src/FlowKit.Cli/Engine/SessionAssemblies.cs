using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Loads what a session compiled and what its <c>#r</c> lines name; everything the host has comes from the host.</summary>
internal sealed class SessionAssemblies() : AssemblyLoadContext("notebook")
{
    private readonly Dictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers where the assemblies of a compilation's <c>#r</c> lines lie.</summary>
    public void Remember(IEnumerable<MetadataReference> references)
    {
        foreach (string path in references.OfType<PortableExecutableReference>().Select(reference => reference.FilePath).OfType<string>())
            files[Path.GetFileNameWithoutExtension(path)] = path;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if (HostReferences.Get(name) is not null) return null;
        if (files.TryGetValue(name, out string? path)) return LoadFromAssemblyPath(path);

        // What a referenced file needs lies beside it.
        string? neighbour = files.Values.Select(file => Path.Combine(Path.GetDirectoryName(file)!, name + ".dll")).FirstOrDefault(File.Exists);
        return neighbour is null ? null : LoadFromAssemblyPath(neighbour);
    }
}
