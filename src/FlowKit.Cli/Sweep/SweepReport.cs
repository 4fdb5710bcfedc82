using System.Globalization;
using System.Text;
using FlowKit.Experiments;

namespace FlowKit.Cli;

/// <summary>The tables of a sweep: every row of every run, and mean and standard error over the seeds.</summary>
internal sealed class SweepReport(string name, SweepGrid grid, IReadOnlyList<SweepRun> succeeded, IReadOnlyList<(SweepPoint Point, string Problem)> failed)
{
    private readonly IReadOnlyList<(SweepRun Run, IReadOnlyList<IReadOnlyDictionary<string, string>> Rows)> tables = [.. succeeded.Select(run => (run, SweepTable.Read(run.Folder)))];

    /// <summary>Writes results.csv, summary.csv and summary.md.</summary>
    public void Write(string folder)
    {
        OutputFile.Write(Path.Combine(folder, "results.csv"), Results());
        OutputFile.Write(Path.Combine(folder, "summary.csv"), Summary());
        OutputFile.Write(Path.Combine(folder, "summary.md"), Markdown());
    }

    /// <summary>The summary as Markdown.</summary>
    public string Markdown()
    {
        var text = new StringBuilder($"# {name}: {Phrases.Count(succeeded.Count, "run")}\n\n");
        text.Append(TableText.Markdown(
            [.. grid.Axes.Select(axis => axis.Key), "quantity", "runs", "mean ± standard error", "paper", "truth", "claim holds"],
            Quantities.Select(quantity => (IReadOnlyList<string>)
            [
                .. quantity.Setting,
                Of(quantity, "unit") is { Length: > 0 } unit ? $"{Of(quantity, "quantity")} ({unit})" : Of(quantity, "quantity"),
                $"{quantity.Values.Count}",
                quantity.StandardError is { } error ? $"{Short(quantity.Mean)} ± {error.ToString("G2", CultureInfo.InvariantCulture)}" : Short(quantity.Mean),
                Of(quantity, "paper"), Of(quantity, "truth"), Verdict(quantity),
            ])));
        if (failed.Count == 0) return text.ToString();

        text.Append("\nFailed runs:\n\n");
        foreach (var (point, problem) in failed) text.Append(CultureInfo.InvariantCulture, $"- {point.Name}: {problem.ReplaceLineEndings(" ")}\n");
        return text.ToString();
    }

    private string Results()
    {
        string[] columns = [.. tables.SelectMany(table => table.Rows).SelectMany(row => row.Keys).Distinct()];
        return TableText.Csv(tables.SelectMany(table => table.Rows).Select(row => columns.Select(column => row.GetValueOrDefault(column, ""))).Prepend(columns));
    }

    private string Summary() => TableText.Csv(Quantities.Select(quantity => (IEnumerable<string>)
    [
        Of(quantity, "experiment"), .. quantity.Setting, Of(quantity, "quantity"), Of(quantity, "unit"), $"{quantity.Values.Count}",
        Exact(quantity.Mean), quantity.StandardError is { } error ? Exact(error) : "", Of(quantity, "paper"), Of(quantity, "truth"), Of(quantity, "claim"), Verdict(quantity),
    ]).Prepend(["experiment", .. grid.Axes.Select(axis => axis.Key), "quantity", "unit", "runs", "mean", "standard_error", "paper", "truth", "claim", "claim_holds"]));

    // A quantity that a table names twice counts as two quantities.
    private IEnumerable<SweepQuantity> Quantities =>
        from table in tables
        group table by table.Run.Point.Setting into setting
        from rows in setting.SelectMany(table => table.Rows.GroupBy(row => (Experiment: row["experiment"], Quantity: row["quantity"], Unit: row["unit"]))
            .SelectMany(same => same.Select((row, place) => (Key: (same.Key, place), Row: row)))).GroupBy(pair => pair.Key, pair => pair.Row)
        select new SweepQuantity([.. setting.First().Run.Point.Settings.Select(one => one.Value)], rows.First(),
            [.. rows.Select(row => SweepTable.Number(row, "ours") ?? double.NaN)], rows.Count(row => row["verdict"] == "broken"), rows.Count(row => row["verdict"] is "broken" or "holds"));

    private static string Of(SweepQuantity quantity, string column) => quantity.First.GetValueOrDefault(column, "");

    private static string Verdict(SweepQuantity quantity) => quantity.Judged == 0 ? "" : $"{quantity.Judged - quantity.Broken} of {quantity.Judged}";

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
