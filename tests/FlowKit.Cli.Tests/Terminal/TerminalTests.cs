using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FlowKit.Cli.Tests;

/// <summary>What a person sees of a training: on a terminal a bar that moves, in a pipe lines.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Training = """
        using FlowKit.Models; using FlowKit.Data; using FlowKit.Training;
        Trainer.Fit(RealNvp.Create(2, layers: 2, hidden: [16]), new TwoMoons(), new FitOptions { Name = "moons", Steps = 4000, Threads = 1 });
        """;

    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_training_on_a_terminal_shows_a_bar_that_grows_with_its_rate_and_the_time_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "Needs 'script' (util-linux), which gives a program a terminal.");

        string drawn = OnTerminal("run", work.Notebook(Training));
        int[] lengths = [.. drawn.Split("moons: step ").SkipLast(1).Select(Bar)];
        Assert.True(lengths.Length >= 5, $"The training was drawn {lengths.Length} times:\n{drawn}");
        Assert.InRange(lengths[0], 0, 59);
        Assert.True(lengths[^1] > lengths[0], $"The bar was {lengths[0]} wide first and {lengths[^1]} last.");
        Assert.Matches(@"moons: step \d+/4000, loss -?\d[\d.]*, [\d.]+ steps/s, [\d.:]+ (s|min) left", drawn);
        Assert.Contains("cell 1/1", drawn);
        Assert.Contains("book.ipynb: 1 of 1 cells, 0 pictures", drawn);
    }

    [Fact]
    public void A_training_in_a_pipe_draws_nothing()
    {
        var (code, output, _) = FlowkitProcess.Run("run", work.Notebook(Training.Replace("4000", "40")));
        Assert.Equal(0, code);
        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain('█', output);
        // On a machine that is busy the training may take long enough for a line of plain words.
        Assert.Matches(@"^book\.ipynb\r?\n(    moons: step .*\r?\n)*  cell 1/1: ok, [\d.]+ s\r?\nbook\.ipynb: 1 of 1 cells, 0 pictures, [\d.]+ s -> .*book\.ipynb\r?\n$", output);
    }

    // The green part of the bar above a drawing's words.
    private static int Bar(string before) => Regex.Match(before.Split('\n').LastOrDefault(line => line.Contains('█')) ?? "", "\u001b\\[38;5;2m(█*)").Groups[1].Length;

    private string OnTerminal(params string[] args)
    {
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        string command = string.Join(' ', new[] { dotnet, typeof(CommandLine).Assembly.Location }.Concat(args).Select(part => $"'{part}'"));
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols 100 rows 30; {command}", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TERM"] = "xterm-256color";
        foreach (string variable in new[] { "CI", "GITHUB_ACTIONS", "NO_COLOR" }) start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
