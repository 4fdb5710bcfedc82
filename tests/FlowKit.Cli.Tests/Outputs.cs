using System.Text.Json.Nodes;

namespace FlowKit.Cli.Tests;

/// <summary>Short ways to ask what a cell showed.</summary>
internal static class Outputs
{
    public static string Joined(this JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => line!.GetValue<string>())) : node!.GetValue<string>();

    /// <summary>Each output in a word: "stdout:text", "value:text", "display:text", "error:Name:message".</summary>
    public static string[] Words(this JsonArray outputs) => [.. outputs.Select(output => output!["output_type"]!.GetValue<string>() switch
    {
        "stream" => $"{output["name"]}:{output["text"].Joined()}",
        "error" => $"error:{output["ename"]}:{output["evalue"]}",
        "execute_result" => "value:" + First(output),
        _ => "display:" + First(output),
    })];

    public static string[] Traceback(this JsonNode output) => [.. output["traceback"]!.AsArray().Select(line => line!.GetValue<string>())];

    private static string First(JsonNode output) => output["data"]!.AsObject().First().Value.Joined();
}
