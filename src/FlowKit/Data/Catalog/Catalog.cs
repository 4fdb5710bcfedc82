namespace FlowKit.Data;

/// <summary>The data sets that FlowKit knows by name, and how to have their files on this machine.</summary>
/// <remarks>
/// Files come from the library itself, from their canonical address, or where that cannot be reached from a Debian or npm package; each is checked against its
/// SHA-256 and kept in a folder of the user, or in the one that FLOWKIT_DATA names. <c>flowkit data list</c> shows them all.
/// </remarks>
/// <example><code>
/// Console.WriteLine(string.Join(", ", Catalog.Names.Take(5)));                       // => austen, bair, boston, breast-cancer, brown
/// string folder = Catalog.Get("wine");
/// Console.WriteLine(File.ReadLines(Path.Combine(folder, "wine_data.csv")).Count());  // => 179
/// </code></example>
public static class Catalog
{
    /// <summary>Name of the variable that holds the folder of the files, instead of the user's own.</summary>
    public const string FolderVariable = "FLOWKIT_DATA";

    /// <summary>Every entry, by name.</summary>
    internal static IReadOnlyList<CatalogEntry> Entries { get; } =
        [.. CatalogImages.Entries.Concat(CatalogTables.Entries).Concat(CatalogTexts.Entries).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    /// <summary>Names of all sets.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(entry => entry.Name)];

    /// <summary>The folder that holds the set's files, whole and verified; what is missing or damaged is fetched first.</summary>
    /// <exception cref="ArgumentException">There is no set of that name.</exception>
    /// <exception cref="IOException">A file could not be fetched; the message says what was tried and why it failed.</exception>
    public static string Get(string name)
    {
        var (entry, store) = (Find(name), DataStore.OfUser());
        Task.Run(() => store.Get(entry, new TextFetchView(Console.Out, isTerminal: false), CancellationToken.None)).GetAwaiter().GetResult();
        return store.FolderOf(entry).Path;
    }

    /// <exception cref="ArgumentException">There is no set of that name.</exception>
    internal static CatalogEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Entries.FirstOrDefault(entry => Is(entry.Name) || entry.Aliases.Any(Is))
            ?? throw new ArgumentException($"There is no data set '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));

        bool Is(string known) => known.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
