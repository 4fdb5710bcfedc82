using System.Reflection;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>What the kernel says about itself.</summary>
internal static class KernelInfo
{
    /// <summary>FlowKit's version, as "0.1.0".</summary>
    public static string Version { get; } =
        typeof(KernelInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Answers a kernel_info_request. The language is described as notebook files describe it.</summary>
    public static JsonObject Answer() => new()
    {
        ["protocol_version"] = KernelWire.Version,
        ["implementation"] = "flowkit",
        ["implementation_version"] = Version,
        ["language_info"] = Notebook.DefaultMetadata["language_info"]!.DeepClone(),
        ["banner"] = $"FlowKit {Version}: C# notebooks about normalizing flows",
        ["help_links"] = new JsonArray(),
        ["debugger"] = false,
    };
}
