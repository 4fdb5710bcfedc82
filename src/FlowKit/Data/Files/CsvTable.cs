using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace FlowKit.Data;

/// <summary>A table of numbers out of a CSV file (RFC 4180).</summary>
/// <example><code>
/// File.WriteAllText("people.csv", "height,weight\n1.81,77.5\n1.68,58\n");
/// var table = CsvTable.Load("people.csv");
/// Console.WriteLine(string.Join(", ", table.Columns));  // => height, weight
/// Console.WriteLine(table.Values[1, 0].ToDouble());     // => 1.68
/// </code></example>
public sealed class CsvTable
{
    private CsvTable(Tensor values, IReadOnlyList<string> columns) => (Values, Columns) = (values, columns);

    /// <summary>(rows, columns), float64.</summary>
    public Tensor Values { get; }

    /// <summary>Names of the columns; their numbers from 0 where the file has no header.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads a UTF-8 file, plain or gzip, with a point in its fractions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Whether its first line names the columns.</param>
    /// <param name="separator">Between the fields.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A field is not a number, a line has a different number of fields than the first, or there are no lines; the message names the line.</exception>
    public static CsvTable Load(string path, bool header = true, char separator = ',')
    {
        using var file = FileBytes.Open(path);
        return Load(file, header, separator);
    }

    internal static CsvTable Load(FileBytes file, bool header = true, char separator = ',')
    {
        using var text = new StreamReader(new MemoryStream(file.ReadToEnd()), new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return Read(file, text, header, separator);
        }
        catch (Exception error) when (error is DecoderFallbackException or FormatException or CsvRecordTooLargeException or CsvFormatException or InvalidOperationException)
        {
            throw file.Wrong("UTF-8 text of separated fields", "other data", error);
        }
    }

    private static CsvTable Read(FileBytes file, StreamReader text, bool header, char separator)
    {
        using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { Delimiter = separator, HasHeaders = header, MaxBufferSize = 1 << 24 });
        string[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => header ? reader.GetName(i) : i.ToString(CultureInfo.InvariantCulture))];
        var values = new List<double>();
        while (reader.Read())
        {
            string line = $"line {reader.RowNumber + (header ? 1 : 0)}";
            if (reader.RowFieldCount != columns.Length) throw file.Wrong($"{columns.Length} fields in {line}", $"{reader.RowFieldCount}");
            for (int i = 0; i < columns.Length; i++)
                values.Add(double.TryParse(reader.GetFieldSpan(i), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw file.Wrong($"a number in {line}, column '{columns[i]}'", $"'{reader.GetString(i)}'"));
        }
        if (values.Count == 0) throw file.Wrong("at least one line of numbers", "none");
        return new(tensor([.. values], [values.Count / columns.Length, columns.Length], dtype: float64, device: CPU), columns);
    }
}
