namespace FlowKit.Data;

/// <summary>Files from a canonical address.</summary>
internal sealed class WebRoute(string address, HttpClient http, TimeSpan patience) : Route
{
    /// <inheritdoc/>
    public override string Name => address;

    /// <inheritdoc/>
    public override async Task Fetch(IReadOnlyList<CatalogFile> files, EntryFolder folder, IFetchView view, CancellationToken cancel)
    {
        foreach (var file in files)
        {
            string part = folder.PartOf(file);
            if (file.Sha256 is null) File.Delete(part);              // without a checksum, halves of two versions would pass for a whole
            bool resumed = File.Exists(part);
            try
            {
                await Fetch(file, part, folder, view, cancel);
            }
            catch (InvalidDataException) when (resumed)
            {
                await Fetch(file, part, folder, view, cancel);      // the old half was at fault: once more, from the start
            }
        }
    }

    private async Task Fetch(CatalogFile file, string part, EntryFolder folder, IFetchView view, CancellationToken cancel)
    {
        await new Download(http, new Uri(address + file.Name), patience).To(part, file, view, cancel);
        folder.Accept(file);
    }
}
