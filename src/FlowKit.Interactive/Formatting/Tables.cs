using System.Globalization;
using FlowKit.Training;
using Microsoft.Data.Analysis;

namespace FlowKit.Interactive.Formatting;

/// <summary>Results and data frames as tables.</summary>
internal static class Tables
{
    private const int ShownRows = 20, ShownColumns = 20;

    /// <summary>quantity | paper | truth | ours | claim | holds.</summary>
    public static Table Of(ResultTable results) => new(
        ["quantity", "paper", "truth", "ours", "claim", "holds"],
        [.. results.Select(result => (string[])
        [
            result.Unit.Length > 0 ? $"{result.Quantity} ({result.Unit})" : result.Quantity,
            result.Paper is not { } paper ? "" : result.Confidence.Length > 0 ? $"{Number(paper)} ({result.Confidence})" : Number(paper),
            result.Truth is { } truth ? Number(truth) : "",
            result.StandardError is { } error ? $"{Number(result.Ours)} ± {error.ToString("G2", CultureInfo.InvariantCulture)}" : Number(result.Ours),
            result.Claim?.Text ?? "",
            result.Holds switch { true => "yes", false => "NO", null => "" },
        ])]);

    /// <summary>The first rows and columns, and how many more there are.</summary>
    public static Table Of(DataFrame frame)
    {
        var columns = frame.Columns.Take(ShownColumns).ToList();
        int rows = (int)Math.Min(frame.Rows.Count, ShownRows);
        bool all = rows == frame.Rows.Count && columns.Count == frame.Columns.Count;
        return new(
            [.. columns.Select(column => column.Name)],
            [.. Enumerable.Range(0, rows).Select(row => columns.Select(column => Cell(column[row])).ToArray())],
            all ? "" : $"{rows} of {frame.Rows.Count} rows, {columns.Count} of {frame.Columns.Count} columns");
    }

    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Cell(object? value) => value switch
    {
        null => "null",
        float number => number.ToString("G6", CultureInfo.InvariantCulture),
        double number => Number(number),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
