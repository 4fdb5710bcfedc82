using System.Globalization;
using Sylvan.Data.Csv;

namespace FlowKit.Cli;

/// <summary>The tables of results of one run, joined: each row by the names of its columns.</summary>
internal static class SweepTable
{
    /// <summary>Column names, and the rows under them.</summary>
    /// <exception cref="NotebookException">A table cannot be read.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(SweepRunFolder folder) =>
        [.. Directory.EnumerateFiles(folder.Results, "*.csv").Order(StringComparer.Ordinal).SelectMany(ReadFile)];

    /// <summary>A number of a row; null where there is none.</summary>
    public static double? Number(IReadOnlyDictionary<string, string> row, string column) =>
        row.TryGetValue(column, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static IEnumerable<IReadOnlyDictionary<string, string>> ReadFile(string path)
    {
        try
        {
            using var reader = CsvDataReader.Create(path);
            List<IReadOnlyDictionary<string, string>> rows = [];
            while (reader.Read()) rows.Add(Enumerable.Range(0, Math.Min(reader.FieldCount, reader.RowFieldCount)).ToDictionary(reader.GetName, reader.GetString));
            return rows;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new NotebookException($"{path}: cannot be read: {error.Message}");
        }
    }
}
