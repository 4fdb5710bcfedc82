using static TorchSharp.torch;

namespace FlowKit.Interactive.Frames;

/// <summary>Named columns of equal length that become a tensor, or are refused by name.</summary>
internal sealed class ColumnTable(IReadOnlyList<TableColumn> columns)
{
    private const int SingleBits = 24, DoubleBits = 53;     // of a significand

    /// <summary>The columns of those names in that order, or all of them if none is named; without those left out.</summary>
    /// <exception cref="ArgumentException">There is no column, a name is unknown, or one occurs twice.</exception>
    public ColumnTable Pick(IReadOnlyList<string> names, string parameter, params IReadOnlyList<string> leftOut)
    {
        if (columns.Count == 0) throw new ArgumentException("The table has no columns.", parameter);
        if (Repeated(names) is { } twice) throw new ArgumentException($"{parameter} names \"{twice}\" twice.", parameter);
        if (names.Where(name => columns.All(column => column.Name != name)).ToList() is { Count: > 0 } unknown)
            throw new ArgumentException($"There is no column {Quoted(unknown)}; the columns are {Quoted(columns.Select(column => column.Name))}.", parameter);

        return new(names.Count > 0 ? [.. names.Select(name => columns.First(column => column.Name == name))] : [.. columns.Where(column => !leftOut.Contains(column.Name))]);
    }

    /// <summary>The numbers, (rows, columns).</summary>
    /// <exception cref="ArgumentException">A column is not of numbers, lacks values, or holds an integer that <paramref name="dtype"/> would round.</exception>
    public Tensor ToTensor(ScalarType dtype, string parameter)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64)) throw new ArgumentException($"dtype is Float32 or Float64; it was {dtype}.", nameof(dtype));
        if (columns.Where(column => !column.IsNumeric).Select(column => column.Described).ToList() is { Count: > 0 } others)
            throw new ArgumentException($"Only columns of numbers become a tensor; these are not: {string.Join(", ", others)}. Name the columns to take.", parameter);
        if (columns.Select(column => column.DescribeMissing()).OfType<string>().ToList() is { Count: > 0 } missing)
            throw new ArgumentException($"Values are missing from {string.Join(" and from ", missing)}, rows counted from 0. Drop those rows (DropNulls) or fill them (FillNulls).", parameter);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var table = empty(columns.Count > 0 ? columns[0].Rows : 0, columns.Count, dtype, CPU);
        for (int i = 0; i < columns.Count; i++)
        {
            long row = 0;
            foreach (var block in columns[i].Blocks)
            {
                if (NumberBlock.FirstRounded(block, dtype == ScalarType.Float32 ? SingleBits : DoubleBits) is >= 0 and var at)
                    throw new ArgumentException($"{columns[i].Described} holds {block.GetValue(at)} in row {row + at}, which {dtype} would round. {Remedy(dtype)}", parameter);
                using var values = NumberBlock.Read(block);
                table.select(1, i).narrow(0, row, block.Length).copy_(values);      // (block)
                row += block.Length;
            }
        }
        return scope.MoveToOuter(table);
    }

    private static string Remedy(ScalarType dtype) =>
        dtype == ScalarType.Float32 ? "Ask for Float64, or for the nearest number by making it a column of floats." : "Make it a column of doubles if the nearest number will do.";

    /// <summary>The names of n columns: those given, or x1, x2, ... if none is.</summary>
    /// <exception cref="ArgumentException">There are not n, one is blank, or one occurs twice.</exception>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> names, long count, string parameter)
    {
        if (names.Count == 0) return [.. Enumerable.Range(1, checked((int)count)).Select(i => $"x{i}")];
        if (names.Count != count) throw new ArgumentException($"There are {count} columns and {names.Count} names: {Quoted(names)}.", parameter);
        if (names.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException($"A name is blank: {Quoted(names)}.", parameter);
        return Repeated(names) is { } twice ? throw new ArgumentException($"{parameter} names \"{twice}\" twice.", parameter) : names;
    }

    private static string? Repeated(IEnumerable<string> names) => names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
