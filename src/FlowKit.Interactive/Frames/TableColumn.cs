namespace FlowKit.Interactive.Frames;

/// <summary>A column of a table of any kind, (N): what it is called, what it holds, and where it holds nothing.</summary>
/// <param name="Name">As the table's owner wrote it.</param>
/// <param name="Type">The type of one value.</param>
/// <param name="Rows">N, with those that have no value.</param>
/// <param name="Blocks">The values in order, as arrays of <paramref name="Type"/>; read only if that is a type of numbers. A missing value may be any number.</param>
/// <param name="Missing">The rows without a value, counted from 0, in ascending order.</param>
internal sealed record TableColumn(string Name, Type Type, long Rows, IEnumerable<Array> Blocks, IEnumerable<long> Missing)
{
    private const int ShownRows = 3;

    /// <summary>A column with a value in every row.</summary>
    public static TableColumn Of<T>(string name, T[] values) where T : struct => new(name, typeof(T), values.Length, [values], []);

    /// <summary>Whether its values become numbers of a tensor; true and false are 1 and 0.</summary>
    public bool IsNumeric => NumberBlock.Takes(Type);

    /// <summary>"a (String)", for a refusal.</summary>
    public string Described => $"\"{Name}\" ({Written(Type)})";

    /// <summary>"a" in 4 of 10 rows (1, 3, 5, ...); null where every row has a value.</summary>
    public string? DescribeMissing()
    {
        long[] rows = [.. Missing];
        return rows.Length == 0 ? null : $"\"{Name}\" in {rows.Length} of {Rows} rows ({string.Join(", ", rows.Take(ShownRows))}{(rows.Length > ShownRows ? ", ..." : "")})";
    }

    private static string Written(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GenericTypeArguments.Select(Written))}>" : type.Name;
}
