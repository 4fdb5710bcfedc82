using System.Collections;

namespace FlowKit.Experiments;

/// <summary>The results whose true values are known exactly, as a table of its own: truth, ours, standard error, and their distance in standard errors.</summary>
/// <param name="results">The rows to choose from; rows that are added later appear, too.</param>
/// <example><code>
/// var experiment = Experiment.Start("truths");
/// experiment.Results.Add(new("entropy", "nats", Ours: 2.8401, StandardError: 0.0020, Truth: 2.837877));
/// experiment.Results.Add(new("bits/dim on digits", "bits/dim", Ours: 2.27));
/// Console.WriteLine($"{experiment.Truths.Count} truth, {TruthTable.Distance(experiment.Truths[0]):F1} standard errors away");  // => 1 truth, 1.1 standard errors away
/// experiment.Truths
/// </code></example>
public sealed class TruthTable(ResultTable results) : IReadOnlyList<Result>
{
    private IEnumerable<Result> Rows => results.Where(row => row.Truth is not null);

    /// <inheritdoc/>
    public int Count => Rows.Count();

    /// <inheritdoc/>
    public Result this[int index] => Rows.ElementAt(index);

    /// <summary>(ours - truth) / standard error; null without a truth or a positive standard error.</summary>
    public static double? Distance(Result row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row is { Truth: { } truth, StandardError: > 0 and var error } ? (row.Ours - truth) / error : null;
    }

    /// <inheritdoc/>
    public IEnumerator<Result> GetEnumerator() => Rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
