namespace FlowKit.Data;

/// <summary>A way that files come by.</summary>
internal abstract class Route
{
    /// <summary>What a message calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Brings those files of a set into its folder, each whole.</summary>
    /// <exception cref="IOException">It cannot, or not all of them.</exception>
    /// <exception cref="InvalidDataException">What came is not what the catalog expects.</exception>
    public abstract Task Fetch(IReadOnlyList<CatalogFile> files, EntryFolder folder, IFetchView view, CancellationToken cancel);
}
