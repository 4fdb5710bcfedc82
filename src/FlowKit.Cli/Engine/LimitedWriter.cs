using System.Text;

namespace FlowKit.Cli;

/// <summary>Keeps the beginning of a text, and throws an exception when more is written.</summary>
internal sealed class LimitedWriter(int limit) : TextWriter
{
    private readonly StringBuilder text = new();

    /// <summary>Whether text was dropped.</summary>
    public bool IsFull { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        int room = limit - text.Length;
        text.Append(buffer[..Math.Min(room, buffer.Length)]);
        if (buffer.Length <= room) return;
        IsFull = true;
        throw new IOException($"the text is longer than {limit} characters");
    }

    /// <summary>What was kept.</summary>
    public override string ToString() => text.ToString();
}
