namespace FlowKit.Cli.Tests;

/// <summary>A session that has run some cells, and questions about code in which | marks the cursor.</summary>
internal sealed class InsightSession : IDisposable
{
    private readonly Session session;

    public InsightSession(string folder, params string[] cells)
    {
        session = new(folder, HostEnvironment.Read());
        foreach (string cell in cells) Assert.Equal(CellStatus.Ok, Run(cell));
    }

    public ICodeInsight Insight => session.Insight;

    public CellStatus Run(string cell) => session.Run(new(cell, "cell 1", _ => { }));

    public Completions Complete(string marked)
    {
        int cursor = marked.IndexOf('|');
        var found = Insight.CompleteAsync(marked.Remove(cursor, 1), cursor, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        Assert.Equal(found.Matches.Count, found.Types.Count);
        Assert.InRange(found.Start, 0, cursor);
        Assert.InRange(found.End, cursor, marked.Length - 1);
        return found;
    }

    public Inspection? Inspect(string marked)
    {
        int cursor = marked.IndexOf('|');
        return Insight.InspectAsync(marked.Remove(cursor, 1), cursor, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    public void Dispose() => session.Dispose();
}
