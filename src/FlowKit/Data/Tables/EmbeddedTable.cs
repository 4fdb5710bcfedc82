namespace FlowKit.Data;

/// <summary>The tables that the library carries, by the names of the catalog.</summary>
internal static class EmbeddedTable
{
    private static readonly string[] cells = ["radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry", "fractal dimension"];

    // Names of the columns, where the file's first line does not have them.
    private static readonly SortedDictionary<string, string[]?> columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["boston"] = null,
        ["breast-cancer"] = [.. new[] { "mean", "error", "worst" }.SelectMany(kind => cells.Select(name => $"{kind} {name}")), "diagnosis"],
        ["eu-stock-markets"] = null,
        ["ionosphere"] = null,
        ["iris"] = ["sepal length", "sepal width", "petal length", "petal width", "species"],
        ["quakes"] = null,
        ["sachs"] = null,
        ["wind"] = null,
        ["wine"] =
        [
            "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids", "nonflavanoid phenols", "proanthocyanins", "color intensity", "hue", "od280/od315",
            "proline", "cultivar",
        ],
    };

    public static Table Load(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!columns.TryGetValue(name, out string[]? names))
            throw new ArgumentException($"There is no table '{name}'. There are: {string.Join(", ", columns.Keys)}; {nameof(Table.Read)} reads files, {nameof(DensityTables)}.{nameof(DensityTables.Maf)} has the large tables.", nameof(name));
        using var file = FileBytes.Embedded(Catalog.Find(name).Files[0].Name);
        return CsvFile.Load(file, names: names);
    }
}
