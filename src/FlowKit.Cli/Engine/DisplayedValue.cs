namespace FlowKit.Cli;

/// <summary>The place below a cell where a value is shown.</summary>
public sealed class DisplayedValue
{
    private static long count;
    private readonly string[] mimeTypes;

    internal DisplayedValue(string[] mimeTypes) => this.mimeTypes = mimeTypes;

    internal string Id { get; } = $"display-{Interlocked.Increment(ref count)}";

    /// <summary>Shows another value in its place.</summary>
    public void Update(object? value) => OutputSink.Current?.Send(new CellOutput.Update(MimeBundle.Of(value, mimeTypes), Id));
}
