using System.Security.Cryptography;
using FlowKit.Data;

namespace FlowKit.Tests.Data;

public sealed class DataStoreTests : IDisposable
{
    private static readonly byte[] content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i / 7))];
    private static readonly string sum = Convert.ToHexStringLower(SHA256.HashData(content));

    private readonly string root = Directory.CreateTempSubdirectory("flowkit data ").FullName;
    private readonly HttpClient http = new();
    private readonly FileServer server = new(content);
    private readonly Lines view = new();

    public void Dispose()
    {
        server.Dispose();
        http.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_set_is_fetched_once_and_is_whole()
    {
        var (store, entry) = (Store(), Entry());
        Assert.True(await store.Get(entry, view, Cancel));
        Assert.Equal(content, File.ReadAllBytes(Place(store, entry)));
        Assert.False(await store.Get(entry, view, Cancel));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_download_that_was_cut_off_goes_on_where_it_stopped()
    {
        var (store, entry) = (Store(), Entry());
        server.StopAfter = 200_000;
        var cut = await Assert.ThrowsAsync<IOException>(() => store.Get(entry, view, Cancel));
        Assert.Contains("set could not be fetched", cut.Message);
        Assert.False(File.Exists(Place(store, entry)));

        Assert.True(await store.Get(entry, view, Cancel));
        Assert.InRange(server.From, 1, 200_000);
        Assert.Equal(content, File.ReadAllBytes(Place(store, entry)));
    }

    [Fact]
    public async Task A_changed_byte_is_found_and_repaired()
    {
        var (store, entry) = (Store(), Entry());
        await store.Get(entry, view, Cancel);
        byte[] damaged = [.. content];
        damaged[12345] ^= 1;
        File.WriteAllBytes(Place(store, entry), damaged);
        Assert.Contains("has SHA-256", store.FolderOf(entry).Problem(entry.Files[0]));

        Assert.True(await store.Get(entry, view, Cancel));
        Assert.Null(store.FolderOf(entry).Problem(entry.Files[0]));
    }

    [Theory]
    [InlineData(300_000, "0000000000000000000000000000000000000000000000000000000000000000", "SHA-256")]
    [InlineData(299_999, null, "more than the 299999 bytes")]
    [InlineData(300_001, null, "stopped after 300000 of 300001 bytes")]
    public async Task What_is_not_as_the_catalog_says_is_refused_and_not_placed(long size, string? expected, string words)
    {
        var (store, entry) = (Store(), Entry(size, expected ?? sum));
        var refused = await Assert.ThrowsAsync<IOException>(() => store.Get(entry, view, Cancel));
        Assert.Contains(words, refused.Message);
        Assert.Contains(server.Address, refused.Message);
        Assert.False(File.Exists(Place(store, entry)));
    }

    [Fact]
    public async Task Without_a_network_the_error_names_every_route()
    {
        server.Dispose();
        var entry = Entry() with { Addresses = [server.Address, "http://127.0.0.1:9/"] };
        var refused = await Assert.ThrowsAsync<IOException>(() => Store().Get(entry, view, Cancel));
        Assert.Contains(server.Address, refused.Message);
        Assert.Contains("http://127.0.0.1:9/", refused.Message);
    }

    [Fact]
    public async Task The_next_route_is_taken_where_the_first_fails()
    {
        var entry = Entry() with { Addresses = ["http://127.0.0.1:9/", server.Address] };
        Assert.True(await Store().Get(entry, view, Cancel));
        Assert.Contains(view.Said, line => line.StartsWith("http://127.0.0.1:9/: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_package_that_cannot_be_had_is_named_and_leaves_nothing()
    {
        var entry = Entry() with { Addresses = [], DebianPackages = ["flowkit-has-no-such-package"] };
        var refused = await Assert.ThrowsAsync<IOException>(() => Store().Get(entry, view, Cancel));
        Assert.Contains("Debian package flowkit-has-no-such-package: ", refused.Message);
        Assert.Contains("apt-get", refused.Message);                    // it failed, or is not there
        Assert.Equal([".lock"], Directory.EnumerateFileSystemEntries(Path.Combine(root, "set")).Select(path => Path.GetFileName(path)!));
    }

    [Fact]
    public async Task A_disk_without_room_is_said_before_anything_is_written()
    {
        var store = new DataStore(root, http, TimeSpan.FromSeconds(5), free: _ => 1000);
        var refused = await Assert.ThrowsAsync<IOException>(() => store.Get(Entry(), view, Cancel));
        Assert.Contains("needs 0.3 MB", refused.Message);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task A_disk_that_fills_up_on_the_way_is_named_and_no_part_stays()
    {
        using var disk = new SmallDisk(200_000);
        var store = new DataStore(disk.Folder, http, TimeSpan.FromSeconds(20), free: _ => long.MaxValue);
        var refused = await Assert.ThrowsAsync<IOException>(() => store.Get(Entry(), view, Cancel));
        Assert.Contains($"The disk of {disk["set"]} is full; set was not fetched.", refused.Message);
        Assert.Equal([".lock"], Directory.EnumerateFiles(disk["set"]).Select(path => Path.GetFileName(path)!));
    }

    [Fact]
    public void Two_processes_that_fill_one_entry_fetch_it_once()
    {
        server.Delay = TimeSpan.FromSeconds(2);                         // longer than a process takes to start
        using var first = StoreProcess.Start(root, server.Address, content.Length, sum);
        using var second = StoreProcess.Start(root, server.Address, content.Length, sum);
        string[] said = [StoreProcess.End(first), StoreProcess.End(second)];
        Assert.Equal(["fetched", "there"], said.Order());
        Assert.Equal(1, server.Requests);
        Assert.Equal([".lock", "numbers.bin"], Directory.EnumerateFiles(Path.Combine(root, "set")).Select(path => Path.GetFileName(path)!).Order());
    }

    [Fact]
    public void A_process_killed_while_it_fills_an_entry_holds_nobody_up()
    {
        server.Delay = TimeSpan.FromSeconds(1);
        using var killed = StoreProcess.Start(root, server.Address, content.Length, sum);
        Assert.True(SpinWait.SpinUntil(() => server.Requests == 1 || killed.HasExited, TimeSpan.FromSeconds(60)));
        killed.Kill();
        killed.WaitForExit();
        using var next = StoreProcess.Start(root, server.Address, content.Length, sum);
        Assert.Equal("fetched", StoreProcess.End(next));
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(root, "set", "numbers.bin")));
    }

    [Fact]
    public async Task Two_that_fill_one_entry_fetch_it_once()
    {
        server.Delay = TimeSpan.FromMilliseconds(300);
        var entry = Entry();
        bool[] fetched = await Task.WhenAll(Store().Get(entry, view, Cancel), Store().Get(entry, new Lines(), Cancel));
        Assert.Equal(1, fetched.Count(one => one));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left()
    {
        server.Delay = TimeSpan.FromSeconds(3);
        var store = new DataStore(root, http, TimeSpan.FromMilliseconds(200));
        Assert.Contains("sent nothing for", (await Assert.ThrowsAsync<IOException>(() => store.Get(Entry(), view, Cancel))).Message);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DataStore Store() => new(root, http, TimeSpan.FromSeconds(20));

    private CatalogEntry Entry(long size = 300_000, string? checksum = null) => Entry(server.Address, size, checksum ?? sum);

    internal static CatalogEntry Entry(string address, long size, string checksum) => new("set", "a set")
    {
        License = "none",
        Citation = "none",
        Split = "none",
        Files = [new("numbers.bin", size, checksum)],
        Addresses = [address],
    };

    private static string Place(DataStore store, CatalogEntry entry) => store.FolderOf(entry).PathOf(entry.Files[0]);

    private sealed class Lines : IFetchView
    {
        public List<string> Said { get; } = [];

        public void Say(string line) => Said.Add(line);

        public void Report(FetchProgress progress) => Assert.InRange(progress.Done, 1, 400_000);
    }
}
