using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>A message of the Jupyter protocol.</summary>
/// <param name="Route">The frames before the delimiter: its sender or receiver, or the topic of a published message.</param>
/// <param name="Header">Its type, id and session.</param>
/// <param name="Parent">The header of the request it answers; empty if none.</param>
/// <param name="Content">The body, which depends on the type.</param>
internal sealed record KernelMessage(IReadOnlyList<byte[]> Route, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    /// <summary>As "execute_request"; empty where the sender named none.</summary>
    public string Type { get; } = Header["msg_type"].AsText() ?? "";

    /// <summary>What the sender calls it.</summary>
    public string Id { get; } = Header["msg_id"].AsText() ?? "";
}
