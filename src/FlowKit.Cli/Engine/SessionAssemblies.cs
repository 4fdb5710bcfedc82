using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Loads the assemblies that a session compiled and those that its <c>#r</c> lines name; assemblies of the host come from the host.</summary>
internal sealed class SessionAssemblies() : AssemblyLoadContext("notebook")
{
    private readonly Dictionary<string, string> files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> natives = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers where the assemblies of a compilation's <c>#r</c> lines lie.</summary>
    public void Remember(IEnumerable<MetadataReference> references) =>
        Remember(references.OfType<PortableExecutableReference>().Select(reference => reference.FilePath).OfType<string>());

    /// <summary>Remembers where assemblies lie.</summary>
    public void Remember(IEnumerable<string> paths)
    {
        foreach (string path in paths) files[Path.GetFileNameWithoutExtension(path)] = path;
    }

    /// <summary>Remembers where native libraries lie.</summary>
    public void RememberNative(IEnumerable<string> paths)
    {
        foreach (string path in paths) natives[NativeName(path)] = path;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name ?? "";
        if (HostReferences.Get(name) is not null) return null;
        if (files.TryGetValue(name, out string? path)) return LoadFromAssemblyPath(path);

        // The dependencies of a referenced file are beside it.
        string? neighbor = files.Values.Select(file => Path.Combine(Path.GetDirectoryName(file)!, name + ".dll")).FirstOrDefault(File.Exists);
        return neighbor is null ? null : LoadFromAssemblyPath(neighbor);
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        natives.TryGetValue(NativeName(unmanagedDllName), out string? path) ? LoadUnmanagedDllFromPath(path) : 0;

    // "x", "libx.so", "libx.so.1", "x.dll" and "libx.dylib" are all x.
    private static string NativeName(string path)
    {
        string name = Path.GetFileName(path);
        if (name.StartsWith("lib", StringComparison.Ordinal)) name = name[3..];
        int end = name.IndexOf(".so", StringComparison.Ordinal);
        if (end > 0 && (end + 3 == name.Length || name[end + 3] == '.')) return name[..end];
        return Path.GetExtension(name).ToLowerInvariant() is ".dll" or ".dylib" ? Path.GetFileNameWithoutExtension(name) : name;
    }
}
