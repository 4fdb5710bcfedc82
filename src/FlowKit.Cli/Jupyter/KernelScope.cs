using System.Text;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>One request and all that the kernel says about it.</summary>
internal sealed class KernelScope(KernelChannel channel, KernelMessage request, KernelWire wire, Outbox outbox)
{
    /// <summary>The content of the request.</summary>
    public JsonObject Ask => request.Content;

    /// <summary>Answers on the channel the request came from.</summary>
    public void Reply(JsonObject content)
    {
        content.TryAdd("status", "ok");
        outbox.Post(channel, wire.Compose(request.Type.Replace("_request", "_reply"), request.Route, request, content));
    }

    /// <summary>Asks the client that made the request.</summary>
    public void Prompt(string text, bool isPassword) =>
        outbox.Post(KernelChannel.Input, wire.Compose("input_request", request.Route, request, new() { ["prompt"] = text, ["password"] = isPassword }));

    /// <summary>Tells everyone that the kernel is busy with the request, or idle again.</summary>
    public void Status(string state) => Publish("status", new() { ["execution_state"] = state });

    /// <summary>Shows everyone an output of the cell that was requested.</summary>
    public void Show(CellOutput output, int count)
    {
        switch (output)
        {
            case CellOutput.Stream text: Publish("stream", new() { ["name"] = text.Name, ["text"] = text.Text }); break;
            case CellOutput.Display shown: Publish("display_data", Bundle(shown.Data, shown.Id)); break;
            case CellOutput.Update update: Publish("update_display_data", Bundle(update.Data, update.Id)); break;
            case CellOutput.Result result: Publish("execute_result", new() { ["execution_count"] = count, ["data"] = result.Data, ["metadata"] = new JsonObject() }); break;
            case CellOutput.Error error: Publish("error", Describe(error)); break;
        }
    }

    /// <summary>Publishes a message to all clients.</summary>
    public void Publish(string type, JsonObject content) => outbox.Post(KernelChannel.Publish, wire.Compose(type, [Encoding.ASCII.GetBytes(type)], request, content));

    /// <summary>An error in Jupyter's format.</summary>
    public static JsonObject Describe(CellOutput.Error error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Value,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
    };

    /// <summary>A reply that reports a failure.</summary>
    public static JsonObject Failure(string name, string message)
    {
        var failure = Describe(new(name, message, [$"{name}: {message}"], []));
        failure["status"] = "error";
        return failure;
    }

    private static JsonObject Bundle(JsonObject data, string id) =>
        new() { ["data"] = data, ["metadata"] = new JsonObject(), ["transient"] = new JsonObject { ["display_id"] = id } };
}
