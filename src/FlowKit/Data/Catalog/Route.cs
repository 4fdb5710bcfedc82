namespace FlowKit.Data;

/// <summary>A way to obtain files.</summary>
internal abstract class Route
{
    /// <summary>The name used in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Brings those files of a set into its folder, each whole.</summary>
    /// <exception cref="IOException">Some or all of the files cannot be obtained.</exception>
    /// <exception cref="InvalidDataException">The files differ from what the catalog expects.</exception>
    public abstract Task Fetch(IReadOnlyList<CatalogFile> files, EntryFolder folder, IFetchView view, CancellationToken cancel);
}
