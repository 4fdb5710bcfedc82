using System.Collections;

namespace FlowKit.Experiments;

/// <summary>The rows of a chapter's closing table, in the order they were recorded.</summary>
public sealed class ResultTable : IReadOnlyList<Result>
{
    private readonly List<Result> rows = [];

    /// <summary>Adds a row.</summary>
    public void Add(Result row)
    {
        ArgumentNullException.ThrowIfNull(row);
        rows.Add(row);
    }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public Result this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<Result> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
