using System.Collections;

namespace FlowKit.Experiments;

/// <summary>A chapter's table of the paper's headline figures, in the order they were recorded.</summary>
/// <example><code>
/// var experiment = Experiment.Start("figures");
/// experiment.Paper.Add(new("CIFAR-10, test", "Table 1", 3.49, "bits/dim", "verified", Comparable: "no: it was not run here"));
/// Console.WriteLine(experiment.Paper.Count);  // => 1
/// experiment.Paper
/// </code></example>
public sealed class PaperTable : IReadOnlyList<PaperFigure>
{
    private static readonly string[] confidences = ["verified", "from memory"], answers = ["yes", "no", "in part"];

    private readonly List<PaperFigure> rows = [];

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">It does not say where the paper prints the figure, how certain the figure is, or whether the two can be compared; or it calls a figure comparable that has none of ours beside it.</exception>
    public void Add(PaperFigure row)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentException.ThrowIfNullOrWhiteSpace(row.Quantity, nameof(row.Quantity));
        ArgumentException.ThrowIfNullOrWhiteSpace(row.Source, nameof(row.Source));
        if (!confidences.Contains(row.Confidence))
            throw new ArgumentException($"Confidence is \"verified\" or \"from memory\"; it was \"{row.Confidence}\".", nameof(row));
        if (!answers.Any(answer => Begins(row.Comparable, answer)))
            throw new ArgumentException($"Comparable begins with \"yes\", \"no\" or \"in part\"; it was \"{row.Comparable}\".", nameof(row));
        if (row.Ours is null && !Begins(row.Comparable, "no"))
            throw new ArgumentException($"Without a figure of ours, Comparable begins with \"no\"; it was \"{row.Comparable}\".", nameof(row));
        rows.Add(row);
    }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public PaperFigure this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<PaperFigure> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Begins(string text, string word) =>
        text.StartsWith(word, StringComparison.Ordinal) && (text.Length == word.Length || !char.IsLetter(text[word.Length]));
}
