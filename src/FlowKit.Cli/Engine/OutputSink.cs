using System.Text.Json.Nodes;

namespace FlowKit.Cli;

/// <summary>Receives the output of one cell, from whichever thread or task it comes.</summary>
internal sealed class OutputSink(Action<CellOutput> deliver)
{
    /// <summary>The most text a cell may write, in characters.</summary>
    public const int StreamLimit = 1 << 20;

    /// <summary>The most values a cell may show.</summary>
    public const int DisplayLimit = 1000;

    /// <summary>The most characters of all the values a cell shows.</summary>
    public const int SizeLimit = 4 << 20;

    private static readonly AsyncLocal<OutputSink?> current = new();
    private readonly Lock gate = new();
    private int streamed;
    private int displays;
    private long size;
    private bool closed;

    /// <summary>The sink of the cell that this thread or task belongs to, also after the cell ended.</summary>
    public static OutputSink? Current { get => current.Value; set => current.Value = value; }

    /// <summary>Passes on text, up to <see cref="StreamLimit"/>.</summary>
    public void Write(string stream, string text)
    {
        lock (gate)
        {
            if (closed || text.Length == 0 || streamed > StreamLimit) return;

            int room = StreamLimit - streamed;
            streamed += text.Length;
            if (text.Length > room) text = string.Concat(text.AsSpan(0, room), "\n[flowkit: this cell wrote more than 1 MB of text; the rest is left out]\n");
            deliver(new CellOutput.Stream(stream, text));
        }
    }

    /// <summary>Passes on an output; one that comes after the cell ended is dropped.</summary>
    public void Send(CellOutput output)
    {
        lock (gate)
        {
            if (closed) return;
            if (output is not CellOutput.Display display || HasRoom(display)) deliver(output);
            else if (displays++ == DisplayLimit) deliver(new CellOutput.Stream("stderr", "[flowkit: this cell shows more than 1,000 values or 4 MB; the rest is left out]\n"));
        }
    }

    // After the first value that does not fit, all are dropped, so that the reader sees a prefix without gaps.
    private bool HasRoom(CellOutput.Display display)
    {
        if (displays >= DisplayLimit) return false;
        size += display.Data.Sum(entry => (long)(entry.Value is JsonValue value && value.TryGetValue(out string? text) ? text.Length : entry.Value?.ToJsonString().Length ?? 0));
        if (size > SizeLimit) displays = DisplayLimit;
        else displays++;
        return size <= SizeLimit;
    }

    /// <summary>Shows an exception that a cell's own thread did not catch, so that it does not end the process; false if it does not belong to a cell.</summary>
    public static bool TakeUnhandled(Exception exception)
    {
        if (exception is CellStoppedException) return true;             // its cell was told to stop, and says so itself
        if (Current is not { } sink) return false;

        sink.Write("stderr", $"Unhandled in a thread of this cell: {exception.GetType().Name}: {exception.Message}\n");
        return true;
    }

    /// <summary>The cell has ended, and later output is dropped.</summary>
    public void Close()
    {
        lock (gate) closed = true;
    }
}
