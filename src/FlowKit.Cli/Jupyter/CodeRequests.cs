using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Answers what clients ask about code that has not run yet.</summary>
internal sealed class CodeRequests(ICodeInsight insight)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    /// <summary>Answers a complete_request.</summary>
    public JsonObject Complete(KernelScope scope, CancellationToken interrupt)
    {
        var (code, cursor) = Read(scope.Ask);
        var found = Await(cancellation => insight.CompleteAsync(code, cursor, cancellation), interrupt) ?? new([], cursor, cursor, []);
        int start = CodePoints.FromUtf16(code, found.Start), end = CodePoints.FromUtf16(code, found.End);
        var typed = found.Matches.Zip(found.Types, (match, type) => (JsonNode)new JsonObject { ["text"] = match, ["type"] = type, ["start"] = start, ["end"] = end });
        return new()
        {
            ["matches"] = new JsonArray([.. found.Matches.Select(match => (JsonNode)match)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. typed]) },
        };
    }

    /// <summary>Answers an inspect_request.</summary>
    public JsonObject Inspect(KernelScope scope, CancellationToken interrupt)
    {
        var (code, cursor) = Read(scope.Ask);
        var found = Await(cancellation => insight.InspectAsync(code, cursor, cancellation), interrupt);
        return new()
        {
            ["found"] = found is not null,
            ["data"] = found is null ? [] : new JsonObject { ["text/plain"] = found.Text, ["text/html"] = found.Html },
            ["metadata"] = new JsonObject(),
        };
    }

    /// <summary>Answers an is_complete_request.</summary>
    public JsonObject IsComplete(KernelScope scope)
    {
        var verdict = insight.IsComplete(Code(scope.Ask));
        var answer = new JsonObject { ["status"] = verdict.Status.ToString().ToLowerInvariant() };
        if (verdict.Status == CodeStatus.Incomplete) answer["indent"] = verdict.Indent;
        return answer;
    }

    private static (string Code, int Cursor) Read(JsonObject ask)
    {
        string code = Code(ask);
        return (code, CodePoints.ToUtf16(code, ask["cursor_pos"].AsInteger() ?? int.MaxValue));
    }

    private static string Code(JsonObject ask) => ask["code"].AsText() ?? throw new KernelRequestException("\"code\" is a text.");

    // A user who types does not wait for ever: no answer is one too.
    private static T? Await<T>(Func<CancellationToken, Task<T>> ask, CancellationToken interrupt) where T : class?
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        limit.CancelAfter(patience);
        try
        {
            return Task.Run(() => ask(limit.Token), limit.Token).WaitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
