namespace FlowKit.Cli;

/// <summary>A notebook's stored outputs beside those of a new run.</summary>
/// <param name="stored">As it was read.</param>
/// <param name="found">The same after the run.</param>
/// <param name="tolerance">How far numbers may lie apart.</param>
internal sealed class NotebookComparison(Notebook stored, Notebook found, Tolerance tolerance)
{
    private const int MostLines = 10;
    private const int MostCharacters = 200;

    /// <summary>The cells that differ: each one's number as a run counts, and a line for each difference.</summary>
    public IEnumerable<(int Cell, IReadOnlyList<string> Lines)> Differences()
    {
        var pairs = stored.Cells.Zip(found.Cells).Where(pair => pair.First.IsRunnable).ToArray();
        for (int i = 0; i < pairs.Length; i++)
        {
            string[] all = [.. Compare(pairs[i].First, pairs[i].Second)];
            if (all.Length > MostLines) all = [.. all[..MostLines], $"and {all.Length - MostLines} more"];
            if (all.Length > 0) yield return (i + 1, all);
        }
    }

    private IEnumerable<string> Compare(NotebookCell before, NotebookCell after)
    {
        if (!after.HasRun) return ["it did not run"];
        var (expected, came) = (OutputTexts.Of(before), OutputTexts.Of(after));
        return Enumerable.Range(0, Math.Max(expected.Count, came.Count)).SelectMany(i => Compare(i + 1, expected.ElementAtOrDefault(i), came.ElementAtOrDefault(i)));
    }

    private IEnumerable<string> Compare(int number, (string? Kind, string? Text) expected, (string? Kind, string? Text) came)
    {
        string place = $"output {number}";
        if (expected.Kind != came.Kind) return [$"{place}: stored {Show(expected)}, found {Show(came)}"];
        return tolerance.Differences(expected.Text!, came.Text!).Select(line => $"{place} ({came.Kind}), line {line.Line}: stored {Quote(line.Stored)}, found {Quote(line.Found)}");
    }

    private static string Show((string? Kind, string? Text) output) => output.Kind is null ? "nothing" : $"{output.Kind} {Quote(output.Text!.Split('\n')[0])}";

    private static string Quote(string? text) => text is null ? "nothing" : $"'{(text.Length <= MostCharacters ? text : $"{text[..MostCharacters]}...")}'";
}
