using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace FlowKit.Data;

/// <summary>Tables of numbers out of CSV files (RFC 4180): UTF-8, plain or gzip, with a point in the fractions.</summary>
internal static class CsvFile
{
    /// <param name="file">The file.</param>
    /// <param name="header">Whether its first line names the columns.</param>
    /// <param name="separator">Between the fields.</param>
    /// <param name="names">Names of the columns instead of those of the header; null for the header's, or for numbers from 0 where there is none.</param>
    /// <param name="surplus">Whether fields beyond those that are named are left out, instead of being refused.</param>
    /// <exception cref="InvalidDataException">A field is not a finite number, a line has another number of fields, names repeat or are blank, or there are no lines; the message names the line.</exception>
    public static Table Load(FileBytes file, bool header = true, char separator = ',', IReadOnlyList<string>? names = null, bool surplus = false)
    {
        using var text = new StreamReader(new MemoryStream(file.ReadToEnd()), new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            if (header && names is not null) text.ReadLine();
            return Read(file, text, header, separator, names, surplus);
        }
        catch (Exception error) when (error is DecoderFallbackException or FormatException or CsvRecordTooLargeException or CsvFormatException or InvalidOperationException)
        {
            throw file.Wrong("UTF-8 text of separated fields", "other data", error);
        }
    }

    private static Table Read(FileBytes file, StreamReader text, bool header, char separator, IReadOnlyList<string>? names, bool surplus)
    {
        bool isNamed = header && names is null;
        using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { Delimiter = separator, HasHeaders = isNamed, MaxBufferSize = 1 << 24, Comment = '\0' });
        string[] columns = [.. names ?? Enumerable.Range(0, reader.FieldCount).Select(i => isNamed ? reader.GetName(i) : i.ToString(CultureInfo.InvariantCulture))];
        if (Array.FindIndex(columns, string.IsNullOrWhiteSpace) is var nameless and >= 0) throw file.Wrong("a name for every column in the first line", $"none for column {nameless + 1} of {columns.Length}");
        if (columns.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated) throw file.Wrong("names that differ", $"'{repeated.Key}' in {repeated.Count()} columns");

        var values = new List<double>();
        while (reader.Read())
        {
            string line = $"line {reader.RowNumber + (header ? 1 : 0)}";
            if (reader.RowFieldCount != columns.Length && !(surplus && reader.RowFieldCount > columns.Length)) throw file.Wrong($"{columns.Length} fields in {line}", $"{reader.RowFieldCount}");
            for (int i = 0; i < columns.Length; i++)
                values.Add(double.TryParse(reader.GetFieldSpan(i), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                    ? value
                    : throw file.Wrong($"a finite number in {line}, column '{columns[i]}'", $"'{reader.GetString(i)}'"));
        }
        if (values.Count == 0) throw file.Wrong("at least one line of numbers", "none");
        return new(tensor([.. values], [values.Count / columns.Length, columns.Length], dtype: float64, device: CPU), columns);
    }
}
