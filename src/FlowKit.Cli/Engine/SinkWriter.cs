using System.Text;

namespace FlowKit.Cli;

/// <summary>Writes to the sink of the calling cell, or to the console if the caller is not a cell.</summary>
internal sealed class SinkWriter : TextWriter
{
    private readonly string stream;
    private readonly TextWriter console;

    public SinkWriter(string stream, TextWriter console)
    {
        (this.stream, this.console) = (stream, console);
        CoreNewLine = ['\n'];                       // a notebook is the same file on every system
    }

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        if (value is null) return;
        if (OutputSink.Current is { } sink) sink.Write(stream, value);
        else console.Write(value);
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + "\n");
}
