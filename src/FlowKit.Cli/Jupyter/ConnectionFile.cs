using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>The ports and the signing key in Jupyter's connection file.</summary>
/// <param name="Ports">One for each channel.</param>
/// <param name="Key">Of HMAC-SHA256; never empty.</param>
internal sealed record ConnectionFile(IReadOnlyDictionary<KernelChannel, int> Ports, byte[] Key)
{
    private static readonly (KernelChannel Channel, string Name)[] names =
    [
        (KernelChannel.Shell, "shell_port"), (KernelChannel.Control, "control_port"), (KernelChannel.Publish, "iopub_port"),
        (KernelChannel.Input, "stdin_port"), (KernelChannel.Heartbeat, "hb_port"),
    ];

    /// <summary>Reads the file.</summary>
    /// <exception cref="CommandException">The file cannot be read, or it requires something that this kernel does not support.</exception>
    public static ConnectionFile Read(string path)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw Refuse(path, "a JSON object", "something else");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path}: cannot be read: {error.Message}");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw Refuse(path, "JSON", error.Message);
        }

        Expect("transport", "\"tcp\"", text => text == "tcp");
        Expect("ip", "the loopback address 127.0.0.1", text => text == "localhost" || (IPAddress.TryParse(text, out var address) && address.Equals(IPAddress.Loopback)));
        Expect("signature_scheme", "\"hmac-sha256\"", text => text == "hmac-sha256");
        Expect("key", "the key that messages are signed with", text => text.Length > 0);
        var ports = names.ToDictionary(entry => entry.Channel, entry => Port(entry.Name));
        if (ports.Values.Distinct().Count() < ports.Count) throw Refuse(path, "five different ports", string.Join(", ", ports.Values));
        return new(ports, Encoding.UTF8.GetBytes(json["key"]!.GetValue<string>()));

        void Expect(string name, string expected, Func<string, bool> accepts)
        {
            if (json[name] is not JsonValue value || !value.TryGetValue(out string? text) || !accepts(text)) throw Refuse(path, $"\"{name}\" to be {expected}", Show(name));
        }

        int Port(string name) => json[name] is JsonValue value && value.TryGetValue(out int port) && port is > 0 and <= 65535
            ? port
            : throw Refuse(path, $"\"{name}\" to be a port from 1 to 65535", Show(name));

        string Show(string name) => json.ContainsKey(name) ? json[name]?.ToJsonString() ?? "null" : "none";
    }

    private static UsageException Refuse(string path, string expected, string came) => new($"{path}: not a connection file of Jupyter: expected {expected}, found {came}");
}
