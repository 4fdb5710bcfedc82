using System.Collections;

namespace FlowKit.Experiments;

/// <summary>The rows of a chapter's closing table, in the order they were recorded.</summary>
/// <example><code>
/// var results = new ResultTable();
/// results.Add(new("entropy", "nats", Ours: 2.8379, Truth: 2.837877));
/// results.Add(new("test NLL", "nats", Ours: 2.85, StandardError: 0.01, Claim: Claim.AtMost(2.9)));
/// Console.WriteLine(results.Count(row => row.Holds == true));  // => 1
/// results
/// </code></example>
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
