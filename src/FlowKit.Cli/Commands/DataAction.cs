using FlowKit.Data;

namespace FlowKit.Cli;

/// <summary>Lists, fetches and checks data sets.</summary>
internal sealed class DataAction(DataStore store, CommandHost host)
{
    /// <summary>Runs one of the methods below.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">A file cannot be read or written, or the work was interrupted.</exception>
    public async Task<int> Run(Func<DataAction, Task<int>> action)
    {
        try
        {
            return await action(this);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(problem.Message);
        }
        catch (OperationCanceledException)
        {
            throw new CommandException("interrupted; the part that arrived is kept for the next attempt.", ExitCode.Interrupted);
        }
    }

    /// <summary>Lists the data sets, two lines for each.</summary>
    public Task<int> List()
    {
        int width = Catalog.Entries.Max(entry => entry.Name.Length);
        foreach (var entry in Catalog.Entries)
        {
            host.Output.WriteLine($"{entry.Name.PadRight(width)}  {Size(entry),9}  {Place(entry),-9}  {entry.Description}");
            host.Output.WriteLine($"{"".PadRight(width)}  {"",9}  {"",-9}  license: {entry.License}");
        }
        return Task.FromResult(ExitCode.Ok);
    }

    /// <summary>Fetches data sets; one that fails does not keep the others from being fetched.</summary>
    public async Task<int> Get(IReadOnlyList<string> names, CancellationToken cancel)
    {
        int code = ExitCode.Ok;
        foreach (var entry in names.Select(Catalog.Find))
        {
            var view = new TextFetchView(host.Output, host.IsTerminal);
            host.Output.WriteLine($"{entry.Name}: {entry.Description}\n  license: {entry.License}\n  cite: {entry.Citation}\n  split: {entry.Split}");
            try
            {
                bool fetched = await store.Get(entry, view, cancel);
                view.Say($"{(fetched ? "Fetched" : "Already here")}: {Files(entry)}, whole, in {store.FolderOf(entry).Path}");
                if (entry.Files.Any(file => file.Sha256 is null))
                    view.Say($"The catalog knows no checksum for {string.Join(", ", entry.Files.Where(file => file.Sha256 is null).Select(file => file.Name))}: the first version is recorded, and later changes are detected.");
            }
            catch (IOException problem)
            {
                view.Say("");
                host.Complain(problem.Message);
                code = ExitCode.Failed;
            }
        }
        return code;
    }

    /// <summary>Verifies the checksum of every file that is present.</summary>
    public Task<int> Verify(IReadOnlyList<string> names)
    {
        int damaged = 0;
        foreach (var entry in Named(names))
        {
            var folder = store.FolderOf(entry);
            if (names.Count == 0 && !Directory.Exists(folder.Path)) continue;

            var problems = entry.Files.Select(file => (file.Name, Problem: folder.Problem(file))).Where(pair => pair.Problem is not null).ToList();
            damaged += problems.Count;
            if (problems.Count == 0) host.Output.WriteLine($"{entry.Name}: {Files(entry)}, whole");
            foreach (var (name, problem) in problems) host.Error.WriteLine($"{entry.Name}: {name} {problem}. 'flowkit data get {entry.Name}' brings it.");
        }
        return Task.FromResult(damaged == 0 ? ExitCode.Ok : ExitCode.Failed);
    }

    /// <summary>Writes one path on each line; for a single data set, nothing but the path.</summary>
    public Task<int> Where(IReadOnlyList<string> names)
    {
        foreach (var entry in Named(names))
            host.Output.WriteLine(names.Count == 1 ? store.FolderOf(entry).Path : $"{entry.Name}: {store.FolderOf(entry).Path}");
        return Task.FromResult(ExitCode.Ok);
    }

    private static IEnumerable<CatalogEntry> Named(IReadOnlyList<string> names) => names.Count == 0 ? Catalog.Entries : names.Select(Catalog.Find);

    private static string Files(CatalogEntry entry) => entry.Files is [var only] ? only.Name : $"{entry.Files.Count} files";

    private static string Size(CatalogEntry entry) => entry.Size is { } bytes ? FormattableString.Invariant($"{bytes / 1e6:0.00} MB") : "?";

    private string Place(CatalogEntry entry) =>
        entry.IsEmbedded ? "built in" : entry.Files.All(file => File.Exists(store.FolderOf(entry).PathOf(file))) ? "here" : entry.Page is null ? "to fetch" : "by hand";
}
