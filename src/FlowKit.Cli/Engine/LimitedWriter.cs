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
    public override void Write(char value)
    {
        IsFull = text.Length == limit;
        if (IsFull) throw new IOException($"the text is longer than {limit} characters");
        text.Append(value);
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        foreach (char each in value ?? "") Write(each);         // a long text is not copied to be cut
    }

    /// <summary>What was kept.</summary>
    public override string ToString() => text.ToString();
}
