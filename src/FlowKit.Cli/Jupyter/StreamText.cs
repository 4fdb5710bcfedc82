using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Text a cell writes to stdout or stderr, as messages.</summary>
internal static class StreamText
{
    /// <summary>Whether the message is such text.</summary>
    public static bool Is(KernelMessage message) => message.Type == "stream";

    /// <summary>Joins adjacent texts of the same cell and stream into one message.</summary>
    public static IEnumerable<(KernelChannel Channel, KernelMessage Message)> Join(IReadOnlyList<(KernelChannel Channel, KernelMessage Message)> batch)
    {
        for (int start = 0, end; start < batch.Count; start = end)
        {
            var (channel, first) = batch[start];
            for (end = start + 1; end < batch.Count && Continues(first, batch[end].Message);) end++;
            yield return end == start + 1 ? batch[start] : (channel, first with { Content = Text(first, string.Concat(batch.Skip(start).Take(end - start).Select(entry => entry.Message.Content["text"].AsText()))) });
        }
    }

    private static bool Continues(KernelMessage first, KernelMessage next) =>
        Is(first) && Is(next) && ReferenceEquals(first.Parent, next.Parent) && first.Content["name"].AsText() == next.Content["name"].AsText();

    private static JsonObject Text(KernelMessage first, string text) => new() { ["name"] = first.Content["name"].AsText(), ["text"] = text };
}
