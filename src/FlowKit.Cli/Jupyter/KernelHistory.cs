using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>The cells this kernel ran.</summary>
internal sealed class KernelHistory
{
    private const int Session = 1;                  // each start of a kernel begins anew
    private const int Limit = 10_000;
    private readonly Queue<(int Line, string Input, string? Output)> entries = new();

    /// <summary>Remembers a cell and the text of its value.</summary>
    public void Add(int line, string input, string? output)
    {
        entries.Enqueue((line, input, output));
        if (entries.Count > Limit) entries.Dequeue();
    }

    /// <summary>Answers a history_request.</summary>
    public JsonObject Answer(KernelScope scope)
    {
        var ask = scope.Ask;
        bool withOutput = ask["output"].AsFlag() ?? false;
        int most = Math.Max(0, ask["n"].AsInteger() ?? int.MaxValue);
        var found = ask["hist_access_type"].AsText() switch
        {
            "tail" => entries.TakeLast(most),
            "range" => Range(ask["session"].AsInteger() ?? 0, ask["start"].AsInteger() ?? 0, ask["stop"].AsInteger() ?? int.MaxValue),
            "search" => Search(ask["pattern"].AsText() ?? "*", ask["unique"].AsFlag() ?? false).TakeLast(most),
            var other => throw new KernelRequestException($"\"hist_access_type\" is tail, range or search; it was '{other}'."),
        };
        return new() { ["history"] = new JsonArray([.. found.Select(entry => Show(entry, withOutput))]) };
    }

    private IEnumerable<(int Line, string Input, string? Output)> Range(int session, int start, int stop) =>
        session is 0 or Session ? entries.Where(entry => entry.Line >= start && entry.Line < stop) : [];

    // Of equal inputs the last one counts.
    private IEnumerable<(int Line, string Input, string? Output)> Search(string pattern, bool unique)
    {
        var found = entries.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Input, ignoreCase: false));
        return unique ? found.Reverse().DistinctBy(entry => entry.Input).Reverse() : found;
    }

    private static JsonNode Show((int Line, string Input, string? Output) entry, bool withOutput) =>
        new JsonArray(Session, entry.Line, withOutput ? new JsonArray(entry.Input, entry.Output) : (JsonNode)entry.Input);
}
