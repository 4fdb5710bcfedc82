using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using FlowKit.Distributions;
using FlowKit.Inference;

namespace FlowKit.Outside.Tests;

/// <summary>The program in tests/FlowKit.Samples/LotkaVolterra, as it is, at a small size.</summary>
public sealed class LotkaVolterraTests : IDisposable
{
    private const int Rows = 30_000;

    private static readonly Uniform prior = new(low: tensor(new[] { 0.5, 0.02, 0.01, 0.5 }), high: tensor(new[] { 1.5, 0.1, 0.05, 1.5 }));
    private readonly string folder = Directory.CreateTempSubdirectory("flowkit-samples-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Killed_amid_its_simulations_it_goes_on_where_it_was_and_ends_with_the_same_bits()
    {
        using (var whole = Start("whole"))
        {
            Assert.Equal($"{Rows} simulations", whole.StandardOutput.ReadLine());
            whole.Kill();                                                     // the rest is not compared
            whole.WaitForExit();
        }

        FileInfo cache = new(Cache("killed"));
        int kept = 0;
        for (int kill = 0; kill < 2; kill++)
        {
            using var child = Start("killed");
            while (!child.HasExited && (!cache.Exists || cache.Length < (kill + 1) * 1_500_000)) cache.Refresh();       // of 6 million bytes
            child.Kill();                                                     // -9
            child.WaitForExit();
            File.Copy(cache.FullName, Cache("copy"), overwrite: true);
            int before = kept;
            kept = Rows - Read("copy").Failures.Count;
            Assert.InRange(kept, before + 1, Rows - 1);
        }

        using var last = Start("killed");
        string output = End(last);
        Assert.StartsWith($"{Rows} simulations, {kept} of them from the cache", output);
        foreach (string words in new[] { "parameter  p (ranks)", "posterior mean [", "simulated again: p = " }) Assert.Contains(words, output);
        Assert.True(new FileInfo(Path.Combine(folder, "killed", "posterior.png")).Length > 10_000);

        var (expected, actual) = (Read("whole"), Read("killed"));
        Assert.Empty(actual.Failures);
        Assert.Equal(expected.Parameters.data<double>().ToArray(), actual.Parameters.data<double>().ToArray());
        Assert.Equal(expected.Observations.data<double>().ToArray(), actual.Observations.data<double>().ToArray());
    }

    // What is in the cache; whatever is not fails here.
    private Simulations Read(string run) => InverseProblem.FromSimulator(prior, (_, _) => throw new InvalidOperationException("not in the cache"), "Lotka-Volterra")
        .Simulate(Rows, new() { Cache = Cache(run), MostFailures = 0.999 });

    private string Cache(string run) => Path.Combine(Directory.CreateDirectory(Path.Combine(folder, run)).FullName, "lotka-volterra.simulations");

    private Process Start(string run)
    {
        string program = typeof(LotkaVolterraTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "LotkaVolterra").Value!;
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        Directory.CreateDirectory(Path.Combine(folder, run));
        return Process.Start(new ProcessStartInfo(dotnet, [program, $"{Rows}", "20"]) { WorkingDirectory = Path.Combine(folder, run), RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static string End(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
