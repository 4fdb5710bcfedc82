using System.Globalization;
using FlowKit.Cli.Tests.Jupyter;
using FlowKit.Data;

namespace FlowKit.Cli.Tests;

public sealed class ExampleTests : IDisposable
{
    private static readonly string setup = File.ReadAllText(Path.Combine(JupyterHost.Root, "notebooks", "setup.cs"));

    private readonly Workspace work = new();
    private readonly int threads = Runtime.Threads;

    public ExampleTests()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;       // the program has no other
        Environment.SetEnvironmentVariable(Catalog.FolderVariable, work["data"]);
        Runtime.Threads = 1;                                                          // a second only hurts such small tensors
    }

    public static TheoryData<string> Examples => [.. DocumentedExample.All.Keys];

    [Fact]
    public void Every_public_type_has_an_example() => Assert.Equal("", string.Join('\n', DocumentedExample.Types.Except(DocumentedExample.All.Keys)));

    [Theory, MemberData(nameof(Examples))]
    public void An_example_runs_and_prints_what_it_promises(string name)
    {
        var example = DocumentedExample.All[name];
        var (printed, complaints, value) = (new StringWriter(), new StringWriter(), "");
        using var session = new Session(work.Folder, HostEnvironment.Read());
        session.Run(new(setup, "setup.cs", Take), TestContext.Current.CancellationToken);
        session.Run(new(example.Code, name, Take), TestContext.Current.CancellationToken);

        string[] lines = printed.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < example.Promised.Length) lines = [.. lines, .. value.Split('\n')];
        Assert.True(complaints.ToString().Length == 0, complaints.ToString());
        Assert.Equal(example.Promised, lines);

        void Take(CellOutput output)
        {
            if (output is CellOutput.Stream stream) (stream.Name == "stdout" ? printed : complaints).Write(stream.Text);
            if (output is CellOutput.Result result) value = result.Data["text/plain"]?.GetValue<string>() ?? "";
            if (output is CellOutput.Error error) complaints.Write(string.Join('\n', error.Traceback));
        }
    }

    public void Dispose()
    {
        Runtime.Threads = threads;
        Environment.SetEnvironmentVariable(Catalog.FolderVariable, null);
        CultureInfo.DefaultThreadCurrentCulture = null;
        work.Dispose();
    }
}
