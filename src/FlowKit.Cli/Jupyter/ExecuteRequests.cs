using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Runs the cells that clients send, in one session.</summary>
internal sealed class ExecuteRequests(Session session, KernelHistory history, TrainingDisplay trainings, InputPrompt input)
{
    private int count;

    /// <summary>Runs a cell; returns the reply.</summary>
    public JsonObject Answer(KernelScope scope, CancellationToken interrupt)
    {
        string code = scope.Ask["code"].AsText() ?? throw new KernelRequestException("\"code\" is a text.");
        bool silent = scope.Ask["silent"].AsFlag() ?? false;
        bool stored = !silent && (scope.Ask["store_history"].AsFlag() ?? true);
        if (stored) count++;
        if (!silent) scope.Publish("execute_input", new() { ["code"] = code, ["execution_count"] = count });

        input.Scope = scope.Ask["allow_stdin"].AsFlag() == true ? scope : null;
        var (error, value) = Run(code, interrupt, output =>
        {
            if (!silent) scope.Show(output, count);
        });
        input.Scope = null;

        if (stored) history.Add(count, code, Plain(value));
        var reply = error is null ? new JsonObject() : KernelScope.Describe(error);
        reply["status"] = error is null ? "ok" : "error";
        reply["execution_count"] = count;
        reply["payload"] = new JsonArray();
        reply["user_expressions"] = error is null ? Evaluate(scope.Ask["user_expressions"] as JsonObject, interrupt) : [];
        return reply;
    }

    private (CellOutput.Error? Error, JsonObject? Value) Run(string code, CancellationToken interrupt, Action<CellOutput> show)
    {
        CellOutput.Error? error = null;
        JsonObject? value = null;
        session.Run(new(code, $"cell {count}", Note, OutlivesCell: true), interrupt);
        trainings.EndOfCell();
        return (error, value);

        void Note(CellOutput output)
        {
            error = output as CellOutput.Error ?? error;
            value = (output as CellOutput.Result)?.Data ?? value;
            show(output);
        }
    }

    private JsonObject Evaluate(JsonObject? expressions, CancellationToken interrupt) => new(
        (expressions ?? []).ToArray().Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Evaluate(entry.Value.AsText() ?? "", interrupt))));

    private JsonObject Evaluate(string expression, CancellationToken interrupt)
    {
        var (error, value) = Run(expression, interrupt, _ => { });
        var answer = error is null ? new JsonObject { ["data"] = value?.DeepClone() ?? new JsonObject(), ["metadata"] = new JsonObject() } : KernelScope.Describe(error);
        answer["status"] = error is null ? "ok" : "error";
        return answer;
    }

    private static string? Plain(JsonObject? bundle) => bundle?["text/plain"].AsText();
}
