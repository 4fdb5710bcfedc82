using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Reads the result of NuGet's restore, project.assets.json.</summary>
internal static class RestoredPackages
{
    /// <summary>The packages for this machine.</summary>
    public static IReadOnlyList<RestoredPackage> Read(string assetsFile)
    {
        var assets = JsonNode.Parse(File.ReadAllText(assetsFile))!;
        string[] roots = [.. assets["packageFolders"]!.AsObject().Select(folder => folder.Key)];
        var target = assets["targets"]!.AsObject().Last().Value!.AsObject();            // the one with this machine's runtime identifier
        return [.. target.Where(library => (string?)library.Value!["type"] == "package").Select(library => Package(library.Key, library.Value!))];

        RestoredPackage Package(string name, JsonNode content)
        {
            string path = (string)assets["libraries"]![name]!["path"]!;
            string folder = roots.Select(root => Path.Combine(root, path)).FirstOrDefault(Directory.Exists) ?? Path.Combine(roots[0], path);
            string[] parts = name.Split('/');
            return new(parts[0], parts[1], folder, Files("compile"), Files("runtime"), Files("native"));

            string[] Files(string kind) => content[kind] is not JsonObject files ? []
                : [.. files.Select(file => file.Key).Where(file => Path.GetFileName(file) != "_._").Select(file => Path.GetFullPath(file, folder))];
        }
    }
}
