using System.Globalization;
using FlowKit.Data;
using FlowKit.Experiments;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace FlowKit.Interactive.Formatting;

/// <summary>Results and data frames as tables.</summary>
internal static class Tables
{
    private const int ShownRows = 20, ShownColumns = 20;

    /// <summary>quantity | paper | truth | ours | claim | holds | tests, without those columns among paper, truth and tests that would be empty.</summary>
    public static Table Of(ResultTable results) => WithoutEmptyColumns(["paper", "truth", "tests"], new(
        ["quantity", "paper", "truth", "ours", "claim", "holds", "tests"],
        [.. results.Select(result => (string[])
        [
            WithUnit(result.Quantity, result.Unit),
            result.Paper is not { } paper ? "" : result.Confidence.Length > 0 ? $"{Number(paper)} ({result.Confidence})" : Number(paper),
            result.Truth is { } truth ? Number(truth) : "",
            WithError(result.Ours, result.StandardError),
            result.Claim?.Text ?? "",
            result.Holds switch { true => "yes", false => "NO", null => "" },
            result.Tests,
        ])]));

    /// <summary>The paper's figure | source | paper | ours | comparable?</summary>
    public static Table Of(PaperTable figures) => new(
        ["the paper's figure", "source", "paper", "ours", "comparable?"],
        [.. figures.Select(row => (string[])
        [
            WithUnit(row.Quantity, row.Unit), row.Source, $"{AsPrinted(row.Figure)} ({row.Confidence})", row.Ours is { } ours ? WithError(ours, row.StandardError) : "", row.Comparable,
        ])]);

    /// <summary>quantity | truth | ours | standard error | distance.</summary>
    public static Table Of(TruthTable truths) => new(
        ["quantity", "truth", "ours", "standard error", "distance in standard errors"],
        [.. truths.Select(row => (string[])
        [
            WithUnit(row.Quantity, row.Unit), Number(row.Truth!.Value), Number(row.Ours),
            row.StandardError is { } error ? error.ToString("G2", CultureInfo.InvariantCulture) : "",
            TruthTable.Distance(row) is { } distance ? distance.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : "",
        ])]);

    /// <summary>claim | source | verdict | shown by.</summary>
    public static Table Of(ClaimTable claims) => new(
        ["claim", "source", "verdict", "shown by"],
        [.. claims.Select(claim => (string[])
        [
            $"{claim.Number}: {claim.Statement}", claim.Source, claims.Words(claim),
            string.Join("; ", claims.ResultsFor(claim.Number).Select(row => $"{row.Quantity}: {$"{WithError(row.Ours, row.StandardError)} {row.Unit}".TrimEnd()}")),
        ])]);

    /// <summary>column | mean | sd | least | most | most frequent value and its share, and how many rows there are.</summary>
    public static Table Of(Data.Table table)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var rows = Recurrence.Evenly(table.Values);
        return new(
            ["column", "mean", "sd", "least", "most", "most frequent"],
            [.. table.Columns.Select((name, i) =>
            {
                var (column, frequent) = (table.Values.select(1, i).to(float64), Recurrence.Of(rows.select(1, i)));
                return (string[])[name, Short(column.mean()), Short((column - column.mean()).square().mean().sqrt()), Short(column.min()), Short(column.max()), string.Create(CultureInfo.InvariantCulture, $"{frequent.Value:G6} in {frequent.Share * 100:F1} %")];
            })],
            $"{Count(table.Count, "row")}, {Count(table.Columns.Count, "column")}");

        static string Short(Tensor number) => number.ToDouble().ToString("G6", CultureInfo.InvariantCulture);
    }

    /// <summary>The first rows and columns under their names and types, and how many there are.</summary>
    public static Table Of(DataFrame frame)
    {
        var columns = frame.Columns.Take(ShownColumns).ToList();
        int rows = (int)Math.Min(frame.Rows.Count, ShownRows);
        bool all = rows == frame.Rows.Count && columns.Count == frame.Columns.Count;
        return new(
            [.. columns.Select(column => $"{column.Name} ({Name(column.DataType)})")],
            [.. Enumerable.Range(0, rows).Select(row => columns.Select(column => Cell(column[row])).ToArray())],
            all ? $"{Count(rows, "row")}, {Count(columns.Count, "column")}"
                : $"{rows} of {Count(frame.Rows.Count, "row")}, {columns.Count} of {Count(frame.Columns.Count, "column")}");
    }

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Name(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Int32 => "int",
        TypeCode.Int64 => "long",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.String => "string",
        _ => type.Name,
    };

    // A paper's figure keeps all of its digits.
    private static string AsPrinted(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string WithUnit(string text, string unit) => unit.Length > 0 ? $"{text} ({unit})" : text;

    private static string WithError(double value, double? error) =>
        error is { } some ? $"{Number(value)} ± {some.ToString("G2", CultureInfo.InvariantCulture)}" : Number(value);

    private static Table WithoutEmptyColumns(string[] names, Table table)
    {
        int[] kept = [.. Enumerable.Range(0, table.Header.Count).Where(i => !names.Contains(table.Header[i]) || table.Rows.Any(row => row[i].Length > 0))];
        return table with { Header = [.. kept.Select(i => table.Header[i])], Rows = [.. table.Rows.Select(row => (string[])[.. kept.Select(i => row[i])])] };
    }

    private static string Cell(object? value) => value switch
    {
        null => "null",
        float number => number.ToString("G6", CultureInfo.InvariantCulture),
        double number => Number(number),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
