using System.Diagnostics;
using System.Runtime.Versioning;

namespace FlowKit.Cli.Tests;

/// <summary>The launcher in a repository of its own, with a dotnet that builds nothing and says what it was asked.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LauncherTests : IDisposable
{
    private const string FakeDotnet = """
        #!/bin/sh
        if [ "$1" = build ]; then
            echo built >>"$FAKE_LOG"
            [ ! -f src/broken ] || { echo "error CS0000: broken"; exit 1; }
            sleep 0.3
            mkdir -p artifacts/bin/FlowKit.Cli/release && echo dll >artifacts/bin/FlowKit.Cli/release/FlowKit.Cli.dll
        else
            shift
            echo "ran $*"
        fi
        """;

    private readonly Workspace work = new();
    private string path;

    public LauncherTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launcher for a POSIX shell.");
        path = work["bin"] + ":/usr/bin:/bin";
        Directory.CreateDirectory(work["src"]);
        Directory.CreateDirectory(work["data"]);
        Directory.CreateDirectory(work["bin"]);
        foreach (string file in new[] { "src/a.cs", "data/d.csv", "global.json", ".editorconfig", "Directory.Build.props", "Directory.Build.targets" }) work.Write(file, "");
        foreach (string file in Directory.GetFiles(work.Folder, "*", SearchOption.AllDirectories)) File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        File.Copy(Path.Combine(Root(), "flowkit"), work["flowkit"]);
        Executable("bin/dotnet", FakeDotnet);
    }

    public void Dispose() => work.Dispose();

    private int Builds => File.Exists(work["log"]) ? File.ReadAllLines(work["log"]).Length : 0;

    [Fact]
    public void It_builds_once_passes_arguments_on_and_works_through_a_link_from_anywhere()
    {
        Assert.Equal((0, "ran a b c\n", "building flowkit (first use: about 0.4 GB of packages are fetched)...\n"), Launch(work["flowkit"], "a b", "c"));
        Directory.CreateDirectory(work["links"]);
        File.CreateSymbolicLink(work["links/fk"], "../flowkit");
        Assert.Equal((0, "ran x\n", ""), Launch(work["links/fk"], "x"));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public void It_builds_again_when_a_source_changed_came_or_went()
    {
        Launch(work["flowkit"]);
        File.SetLastWriteTimeUtc(work["src/a.cs"], DateTime.UtcNow.AddSeconds(5));
        Launch(work["flowkit"]);
        Assert.Equal(2, Builds);

        File.SetLastWriteTimeUtc(work["src/a.cs"], DateTime.UtcNow.AddHours(-1));
        File.Move(work["src/a.cs"], work["src/b.cs"]);
        Launch(work["flowkit"]);
        Assert.Equal(3, Builds);

        Launch(work["flowkit"]);
        Assert.Equal(3, Builds);
    }

    [Fact]
    public void A_build_that_fails_shows_its_output_and_is_tried_again()
    {
        work.Write("src/broken", "");
        var (code, _, error) = Launch(work["flowkit"]);
        Assert.Equal(1, code);
        Assert.Contains("error CS0000: broken", error);
        File.Delete(work["src/broken"]);
        Assert.Equal(0, Launch(work["flowkit"]).Code);
        Assert.Equal(["flowkit.lock", "flowkit.sources"], Directory.GetFiles(work["artifacts"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Two_at_once_build_once()
    {
        var both = await Task.WhenAll(Task.Run(() => Launch(work["flowkit"])), Task.Run(() => Launch(work["flowkit"])));
        Assert.All(both, result => Assert.Equal(0, result.Code));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public void Without_dotnet_it_names_what_is_missing()
    {
        File.Delete(work["bin/dotnet"]);
        foreach (string tool in new[] { "dirname", "readlink" })
            File.CreateSymbolicLink(work["bin/" + tool], new[] { "/usr/bin/", "/bin/" }.Select(folder => folder + tool).First(File.Exists));
        path = work["bin"];
        var (code, _, error) = Launch(work["flowkit"]);
        Assert.Equal(1, code);
        Assert.Contains(".NET SDK 10", error);
    }

    private (int Code, string Output, string Error) Launch(string launcher, params string[] args)
    {
        var start = new ProcessStartInfo("/bin/sh", [launcher, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["PATH"] = path;
        start.Environment["FAKE_LOG"] = work["log"];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private void Executable(string file, string text) =>
        File.SetUnixFileMode(work.Write(file, text), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "FlowKit.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
