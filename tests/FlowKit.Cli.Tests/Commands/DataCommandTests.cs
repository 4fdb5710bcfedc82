namespace FlowKit.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_damaged_file_is_found_by_verify_and_repaired_by_get()
    {
        Assert.Equal(0, Data("get", "iris").Code);
        Assert.Contains("Already here", Data("get", "iris").Output);
        Assert.Equal(0, Data("verify").Code);

        string file = Path.Combine(Data("where", "iris").Output.Trim(), "iris.csv");
        Assert.StartsWith(work.Folder, file);
        byte[] bytes = File.ReadAllBytes(file);
        bytes[100] ^= 1;
        File.WriteAllBytes(file, bytes);
        var (code, _, error) = Data("verify", "iris");
        Assert.Equal(1, code);
        Assert.Contains("iris: iris.csv has SHA-256", error);

        Assert.Equal(0, Data("get", "iris").Code);
        Assert.Contains("whole", Data("verify", "iris").Output);
    }

    [Fact]
    public void The_list_names_every_set_with_its_license()
    {
        var (code, output, _) = Data("list");
        Assert.Equal(0, code);
        Assert.Equal(FlowKit.Data.Catalog.Names.Count, output.Split("license: ").Length - 1);
        Assert.All(FlowKit.Data.Catalog.Names, name => Assert.Contains($"{name} ", output));
    }

    [Fact]
    public void An_unknown_set_is_refused_with_those_there_are()
    {
        var (code, _, error) = Data("get", "imagenot");
        Assert.Equal(2, code);
        Assert.Contains("There is no data set 'imagenot'. There are: austen", error);
    }

    private (int Code, string Output, string Error) Data(params string[] args)
    {
        using var process = FlowkitProcess.Start(new Dictionary<string, string> { ["FLOWKIT_DATA"] = work["data"] }, ["data", .. args]);
        return FlowkitProcess.End(process);
    }
}
