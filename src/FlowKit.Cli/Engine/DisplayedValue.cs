namespace FlowKit.Cli;

/// <summary>The place below a cell where a value is shown.</summary>
/// <example><code>
/// var place = display(0);
/// for (int step = 1; step &lt;= 3; step++) place.Update(step);     // the number changes where it stands
/// </code></example>
public sealed class DisplayedValue
{
    private readonly string[] mimeTypes;
    private readonly OutputSink? origin = OutputSink.Current;

    internal DisplayedValue(string[] mimeTypes) => this.mimeTypes = mimeTypes;

    internal string Id { get; } = NewId();

    /// <summary>Shows another value in its place.</summary>
    public void Update(object? value) => (OutputSink.Current ?? origin)?.Send(new CellOutput.Update(MimeBundle.Of(value, mimeTypes), Id));

    /// <summary>A unique display id: a front end may still show what an earlier kernel displayed.</summary>
    internal static string NewId() => $"display-{Guid.NewGuid():N}";
}
