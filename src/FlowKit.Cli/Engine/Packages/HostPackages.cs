using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>The packages that this program is built from, by name: a notebook that requests one of them gets the version of this program.</summary>
internal static class HostPackages
{
    private static readonly Lazy<Dictionary<string, string>> versions = new(Find);

    /// <summary>The version of a package, or null if it is not part of this program.</summary>
    public static string? Version(string id) => versions.Value.GetValueOrDefault(id);

    private static Dictionary<string, string> Find()
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string[] files = ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries);
        foreach (string file in files.Where(file => Path.GetDirectoryName(file) == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))
            foreach (var (name, _) in JsonNode.Parse(File.ReadAllText(file))?["libraries"]?.AsObject() ?? [])
                if (name.Split('/') is [var id, var version]) found.TryAdd(id, version);
        return found;
    }
}
