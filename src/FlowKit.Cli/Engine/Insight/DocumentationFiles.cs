using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace FlowKit.Cli;

/// <summary>Finds the XML documentation of an assembly: in the .xml file beside it or, for the framework, in the SDK's reference pack.</summary>
internal static class DocumentationFiles
{
    private static readonly ConcurrentDictionary<string, XElement?> found = new();

    /// <summary>The entry of a symbol of a referenced assembly, or null.</summary>
    public static XElement? Find(ISymbol symbol, Compilation compilation)
    {
        if (symbol.ContainingAssembly is not { } assembly || symbol.GetDocumentationCommentId() is not { } id) return null;
        if (compilation.GetMetadataReference(assembly) is not PortableExecutableReference { FilePath: { } path }) return null;
        return found.GetOrAdd($"{path}|{id}", _ => Files(path).Select(file => Read(file, id)).FirstOrDefault(entry => entry is not null));
    }

    private static IEnumerable<string> Files(string assembly)
    {
        string linked = File.ResolveLinkTarget(assembly, returnFinalTarget: true)?.FullName ?? assembly;
        return new[] { Path.ChangeExtension(assembly, ".xml"), Path.ChangeExtension(linked, ".xml") }.Distinct().Where(File.Exists).Concat(PackFiles(assembly));
    }

    // shared/NAME/VERSION/X.dll is documented in packs/NAME.Ref/VERSION/ref/net10.0/X.xml. Its core library is documented all over.
    private static IEnumerable<string> PackFiles(string assembly)
    {
        var version = Directory.GetParent(assembly);
        if (version?.Parent is not { Parent: { Name: "shared", Parent: { } root } } framework) return [];

        string pack = Path.Combine(root.FullName, "packs", framework.Name + ".Ref");
        if (!Directory.Exists(pack)) return [];
        string name = Path.GetFileNameWithoutExtension(assembly);
        string major = version.Name.Split('.')[0] + ".";
        return Directory.EnumerateDirectories(pack)
            .Where(folder => Path.GetFileName(folder).StartsWith(major, StringComparison.Ordinal))
            .OrderDescending(StringComparer.Ordinal)
            .Take(1)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.xml", SearchOption.AllDirectories))
            .OrderBy(file => Path.GetFileNameWithoutExtension(file) is var own && own == name ? 0 : own is "System.Runtime" ? 1 : own is "System.Collections" ? 2 : 3);
    }

    private static XElement? Read(string file, string id)
    {
        try
        {
            using var reader = XmlReader.Create(file, new() { DtdProcessing = DtdProcessing.Ignore });
            while (reader.ReadToFollowing("member"))
                if (reader.GetAttribute("name") == id)
                    return (XElement)XNode.ReadFrom(reader);
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            // Missing documentation is not an error.
        }
        return null;
    }
}
