using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.Cli.Tests;

public sealed class PackageTests : IDisposable
{
    private readonly Workspace work = new();

    public PackageTests()
    {
        Environment.SetEnvironmentVariable(HostEnvironment.CacheVariable, work["cache"]);
        Directory.CreateDirectory(work["feed"]);
        work.Write("nuget.config", """<configuration><packageSources><clear /><add key="feed" value="feed" /></packageSources><config><add key="globalPackagesFolder" value="global" /></config></configuration>""");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(HostEnvironment.CacheVariable, null);
        work.Dispose();
    }

    [Fact]
    public void A_package_of_a_configured_source_is_used_and_so_is_what_it_depends_on()
    {
        Pack("Probe.Base", "1.2.0", "public static class Base { public static string Name => \"base \" + typeof(Base).Assembly.GetName().Version; }");
        Pack("Probe", "1.0.0", "public static class Probe { public static string Name => \"on \" + Base.Name; }", dependency: "Probe.Base");
        var outputs = work.Run(["#r \"nuget: Probe, 1.0.0\"\nProbe.Name", "Base.Name"]);
        Assert.Equal(["value:on base 1.2.0.0"], outputs[0].Words());
        Assert.Equal(["value:base 1.2.0.0"], outputs[1].Words());
    }

    [Fact]
    public void Without_a_version_the_newest_is_taken_and_a_newer_one_in_the_folder_is_seen()
    {
        string[] cells = ["#i \"nuget: ./feed\"\n#r \"nuget:Probe\"\nProbe.Name"];
        Pack("Probe", "1.0.0", "public static class Probe { public const string Name = \"first\"; }");
        Pack("Probe", "1.5.0", "public static class Probe { public const string Name = \"newer\"; }");
        Assert.Equal(["value:newer"], work.Run(cells)[0].Words());
        Pack("Probe", "1.10.0", "public static class Probe { public const string Name = \"newest\"; }");
        Assert.Equal(["value:newest"], work.Run(cells)[0].Words());
    }

    [Fact]
    public void What_was_restored_once_needs_no_source_again()
    {
        Pack("Probe", "1.0.0", "public static class Probe { public const string Name = \"cached\"; }");
        string[] cells = ["#r \"nuget: Probe, 1.0.0\"\nProbe.Name"];
        Assert.Equal(["value:cached"], work.Run(cells)[0].Words());
        string[] cache = Directory.GetFileSystemEntries(work["cache/packages"]);
        Assert.Single(cache);                                   // and no folder of the restore
        Directory.Delete(work["feed"], recursive: true);
        Assert.Equal(["value:cached"], work.Run(cells)[0].Words());
        Directory.Delete(work["global"], recursive: true);
        Assert.Equal("PackageError", work.Run(cells)[0][0]!["ename"].Joined());
    }

    [Fact]
    public void A_package_that_cannot_be_had_is_an_error_of_its_line_and_the_session_lives()
    {
        Pack("Probe", "1.0.0", "public static class Probe { public const string Name = \"probe\"; }");
        var outputs = work.Run(["1", "// two\n#r \"nuget: Nope.Nope, 1.0.0\"\n2", "#r \"nuget: Probe, 7.0.0\"", "#r \"nuget: Probe, 1.0.0\"\nProbe.Name"], "--allow-errors");
        Assert.Contains("book.ipynb, cell 2, line 2: NU1101: Unable to find package Nope.Nope.", work.Error);
        Assert.Contains("book.ipynb, cell 3, line 1: NU1102: Unable to find package Probe with version (>= 7.0.0)", work.Error);
        Assert.DoesNotContain(".csproj", work.Error);
        Assert.Equal(["value:probe"], outputs[3].Words());
    }

    [Fact]
    public void What_the_program_has_itself_comes_from_it_and_another_version_is_told()
    {
        var outputs = work.Run(["#r \"nuget: TorchSharp, 0.1.0\"\n#r \"nuget: TorchSharp\"\n#r \"nuget: FlowKit.Interactive\"\nTorchSharp.torch.zeros(2).shape[0]"]);
        Assert.Matches(@"^stderr:\[flowkit: TorchSharp 0\.\d+\.0 is loaded; 0\.1\.0 was asked for\]\n$", outputs[0].Words()[0]);
        Assert.Equal("value:2", outputs[0].Words()[^1]);
        Assert.False(Directory.Exists(work["cache"]));          // nothing was restored
    }

    [Fact]
    public void A_native_library_of_this_system_is_found()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "Needs Linux on x64.");

        string library = Directory.GetFiles(AppContext.BaseDirectory, "libHarfBuzzSharp.so", SearchOption.AllDirectories).First(path => path.Contains("linux-x64", StringComparison.Ordinal));
        Pack("Probe", "1.0.0", """
            public static class Probe
            {
                [System.Runtime.InteropServices.DllImport("probe_native")] static extern nint hb_version_string();
                public static string Version => System.Runtime.InteropServices.Marshal.PtrToStringUTF8(hb_version_string());
            }
            """, native: library);
        Assert.Matches("^value:[0-9.]+$", work.Run(["#r \"nuget: Probe, 1.0.0\"\nProbe.Version"])[0].Words()[0]);
    }

    [Fact]
    public async Task Two_restores_of_the_same_set_at_once_both_succeed()
    {
        Pack("Probe", "1.0.0", "public static class Probe { }");
        var project = new PackageProject([new("Probe", null, new(null, 1, ""))], [], work.Folder);
        var cache = new PackageCache(work["cache/packages"]);
        var found = await Task.WhenAll(Task.Run(() => cache.Get(project)), Task.Run(() => cache.Get(project)));
        Assert.All(found, packages => Assert.Equal("1.0.0", Assert.Single(packages).Version));
        Assert.Single(Directory.GetFileSystemEntries(work["cache/packages"]));
    }

    private void Pack(string id, string version, string code, string? dependency = null, string? native = null)
    {
        MetadataReference[] needed = dependency is null ? [] : [MetadataReference.CreateFromFile(work[dependency + ".dll"])];
        var compilation = CSharpCompilation.Create(id, [CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{version}.0\")]\n{code}", new(LanguageVersion.Latest))],
            [.. HostReferences.All, .. needed], new(OutputKind.DynamicallyLinkedLibrary));
        Assert.True(compilation.Emit(work[id + ".dll"]).Success);

        using var package = ZipFile.Open(work[$"feed/{id}.{version}.nupkg"], ZipArchiveMode.Create);
        string dependencies = dependency is null ? "" : $"<dependencies><group targetFramework=\"net10.0\"><dependency id=\"{dependency}\" version=\"1.0.0\" /></group></dependencies>";
        using (var writer = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open()))
            writer.Write($"<package><metadata><id>{id}</id><version>{version}</version><authors>x</authors><description>x</description>{dependencies}</metadata></package>");
        package.CreateEntryFromFile(work[id + ".dll"], $"lib/net10.0/{id}.dll");
        if (native is not null) package.CreateEntryFromFile(native, "runtimes/linux-x64/native/libprobe_native.so");
    }
}
