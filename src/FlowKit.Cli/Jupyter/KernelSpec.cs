using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>The folder by which Jupyter finds the kernel: <c>kernels/NAME/kernel.json</c> in one of Jupyter's data folders.</summary>
internal sealed class KernelSpec
{
    /// <summary>The name that FlowKit's notebooks ask for.</summary>
    public const string Wanted = ".net-csharp";

    /// <summary>The name where another kernel has <see cref="Wanted"/>.</summary>
    public const string Fallback = "flowkit-csharp";

    private const string Mark = "flowkit";
    private static readonly JsonSerializerOptions readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private KernelSpec(string name, string folder) => (Name, Folder) = (name, folder);

    /// <summary>What notebooks call it.</summary>
    public string Name { get; }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Writes the specification; one of ours that is there already is renewed.</summary>
    /// <param name="prefix">Its <c>share/jupyter</c> takes it; null: the user's own folder of Jupyter.</param>
    /// <param name="name">What notebooks shall call it; null: <see cref="Wanted"/> where no other kernel has it, else <see cref="Fallback"/>.</param>
    /// <exception cref="CommandException">The name belongs to another kernel, or the folder cannot be written.</exception>
    public static KernelSpec Install(string? prefix, string? name)
    {
        var spec = In(prefix, name ?? (IsFree(Wanted, prefix) ? Wanted : Fallback));
        if (File.Exists(spec.Json) && !spec.IsOurs) throw new UsageException($"{spec.Folder} holds another kernel; choose a --name of your own.");
        OutputFile.CreateFolder(spec.Folder);
        OutputFile.Write(spec.Json, Describe().ToJsonString(readable) + "\n");
        return spec;
    }

    /// <summary>Removes ours, under whichever name; returns what was removed.</summary>
    /// <param name="prefix">As it was installed.</param>
    /// <param name="name">As it was installed; null: both names it may have.</param>
    /// <exception cref="CommandException">It cannot be removed.</exception>
    public static IReadOnlyList<KernelSpec> Uninstall(string? prefix, string? name)
    {
        KernelSpec[] ours = [.. (name is null ? new[] { Wanted, Fallback } : [name]).Select(one => In(prefix, one)).Where(spec => spec.IsOurs)];
        try
        {
            foreach (var spec in ours) Directory.Delete(spec.Folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(error.Message);
        }
        return ours;
    }

    private string Json => Path.Combine(Folder, "kernel.json");

    private bool IsOurs => Read(Json)?["metadata"]?[Mark] is not null;

    private static KernelSpec In(string? prefix, string name) =>
        new(name, Path.Combine(prefix is null ? UserFolder() : Path.Combine(Path.GetFullPath(prefix), "share", "jupyter"), "kernels", name));

    // Another folder's kernel of that name would be hidden, or hide ours.
    private static bool IsFree(string name, string? prefix)
    {
        string[] system = OperatingSystem.IsWindows()
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter")]
            : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
        var all = system.Append(UserFolder()).Select(folder => new KernelSpec(name, Path.Combine(folder, "kernels", name))).Append(In(prefix, name));
        return all.All(spec => !File.Exists(spec.Json) || spec.IsOurs);
    }

    private static JsonObject Describe() => new()
    {
        ["argv"] = new JsonArray([.. OwnCommand.Words(), "kernel", "start", "{connection_file}"]),
        ["display_name"] = ".NET (C#), FlowKit",
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { [Mark] = KernelInfo.Version },
    };

    private static string UserFolder()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } chosen) return chosen;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        return Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : Path.Combine(home, ".local", "share"), "jupyter");
    }

    private static JsonNode? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;            // unreadable: not ours
        }
    }
}
