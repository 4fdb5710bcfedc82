namespace FlowKit.Data;

/// <summary>Files that the library carries.</summary>
internal sealed class EmbeddedRoute : Route
{
    /// <inheritdoc/>
    public override string Name => "FlowKit itself";

    /// <inheritdoc/>
    public override async Task Fetch(IReadOnlyList<CatalogFile> files, EntryFolder folder, IFetchView view, CancellationToken cancel)
    {
        foreach (var file in files)
        {
            await using (var source = Open(file.Name))
            await using (var part = File.Create(folder.PartOf(file)))
                await source.CopyToAsync(part, cancel);
            folder.Accept(file);
        }
    }

    /// <summary>An embedded file.</summary>
    public static Stream Open(string file) =>
        typeof(EmbeddedRoute).Assembly.GetManifestResourceStream($"FlowKit.data.{file}") ?? throw new FileNotFoundException($"FlowKit carries no file '{file}'.", file);
}
