using FlowKit.Cli.Tests.Jupyter;

namespace FlowKit.Cli.Tests;

public sealed class ReadmeTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void The_inverse_problem_of_the_readme_runs_as_a_cell()
    {
        string readme = File.ReadAllText(Path.Combine(JupyterHost.Root, "README.md"));
        string code = readme.Split("## Inverse problems")[1].Split("```csharp\n")[1].Split("```")[0];
        code = Replaced(Replaced(code, "20_000", "500"), "Fit(simulations)", "Fit(simulations, options: new() { Steps = 40, LearningRate = 1e-2, Threads = 1 })");       // the rest as it stands
        var (printed, complaints, value) = (new StringWriter(), new StringWriter(), "");
        using var session = new Session(work.Folder, HostEnvironment.Read());
        session.Run(new(File.ReadAllText(Path.Combine(JupyterHost.Root, "notebooks", "setup.cs")), "setup.cs", Take), TestContext.Current.CancellationToken);
        session.Run(new(code, "README.md", Take), TestContext.Current.CancellationToken);
        Assert.Equal("", complaints.ToString());
        foreach (string words in new[] { "parameter  p (ranks)  shrinkage", "frequency ", "most probable: [", "simulated again: p = " }) Assert.Contains(words, printed.ToString());
        Assert.NotEqual("", value);
        Assert.True(File.Exists(work["swing.simulations"]));

        static string Replaced(string text, string old, string now) => text.Contains(old) ? text.Replace(old, now) : throw new InvalidOperationException($"README no longer has '{old}'.");

        void Take(CellOutput output)
        {
            if (output is CellOutput.Stream stream) (stream.Name == "stdout" ? printed : complaints).Write(stream.Text);
            if (output is CellOutput.Result result) value = $"{result.Data}";
            if (output is CellOutput.Error error) complaints.Write(string.Join('\n', error.Traceback));
        }
    }
}
