using System.Globalization;
using FlowKit.Experiments;
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
