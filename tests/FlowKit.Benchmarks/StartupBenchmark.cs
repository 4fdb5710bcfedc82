using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowKit.Benchmarks;

/// <summary>How long a person waits: for the command's help, for a first cell's result, for the small cells after it.</summary>
/// <remarks>
/// Processes are timed from their start to their end, so that a first result is there a little before the time that is said. With the check means by the launcher, which looks
/// whether a source changed; without, the program it starts. Later cells are timed by the engine (<c>#!time</c>): read, compiled, run and shown, all in one session.
/// </remarks>
internal static partial class StartupBenchmark
{
    private const int Runs = 7;
    private const double HelpAim = 1, FirstAim = 2, LaterAim = 0.15;

    // Each as short as people write them between two thoughts. The last six have the native library, the extension and the picture library to load.
    private static readonly string[] Cells =
    [
        "1 + 1", "Math.Sqrt(2) * 3", "var x = 3.5;", "x * x - 1",
        "Enumerable.Range(1, 10).Sum()", "var squares = Enumerable.Range(0, 10).Select(i => i * i).ToArray();", "squares.Where(s => s % 2 == 0).Average()",
        "squares.GroupBy(s => s % 3).ToDictionary(g => g.Key, g => g.Count())", "Console.WriteLine($\"{x:F2}\");", "int Twice(int n) => 2 * n;", "Twice(21)",
        "record Point(double X, double Y);", "new Point(1, 2)", "await Task.Delay(1);", "display(squares);",
        "FlowKit.Interactive.FlowKitExtension.Load();", "var flow = FlowKit.Models.RealNvp.Create(features: 2, layers: 2);", "flow.Sample(5)",
        "flow.LogProb(TorchSharp.torch.zeros(3, 2))", "FlowKit.Interactive.Figures.Samples(flow.Sample(100))",
    ];

    public static void Run()
    {
        string root = Root(), launcher = Path.Combine(root, OperatingSystem.IsWindows() ? "flowkit.cmd" : "flowkit");
        string program = Path.Combine(root, "artifacts", "bin", "FlowKit.Cli", "release", "FlowKit.Cli.dll");
        string folder = Directory.CreateTempSubdirectory("flowkit-startup-").FullName;
        try
        {
            string one = Notebook(Path.Combine(folder, "one.ipynb"), ["1 + 1"]), many = Notebook(Path.Combine(folder, "many.ipynb"), ["1 + 1", .. Cells.Select(cell => "#!time\n" + cell)]);
            Seconds(launcher, "--help");                            // builds, if need be

            Console.WriteLine($"\n| whole process, {Runs} runs | median s | from | to | aim |\n|---|---|---|---|---|");
            Row("--help", HelpAim, () => Seconds("dotnet", program, "--help"));
            Row("--help, with the check", HelpAim, () => Seconds(launcher, "--help"));
            Row("a notebook of one cell", FirstAim, () => Seconds("dotnet", program, "run", one));
            Row("a notebook of one cell, with the check", FirstAim, () => Seconds(launcher, "run", one));

            double[][] times = [.. Enumerable.Range(0, Runs).Select(_ => LaterCells(program, many))];
            Console.WriteLine($"\n| cell after the first, {Runs} sessions | median ms |\n|---|---|");
            for (int i = 0; i < Cells.Length; i++) Console.WriteLine($"| `{Cells[i]}` | {Median(times.Select(run => run[i])) * 1e3:F1} |");
            double all = Median(times.SelectMany(run => run));
            Console.WriteLine($"| the median of all {Runs * Cells.Length} | {all * 1e3:F1} (aim {LaterAim * 1e3:F0}: {(all < LaterAim ? "met" : "missed")}) |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Row(string what, double aim, Func<double> time)
    {
        double[] times = [.. Enumerable.Range(0, Runs).Select(_ => time()).Order()];
        Console.WriteLine($"| {what} | {times[Runs / 2]:F2} | {times[0]:F2} | {times[^1]:F2} | {aim:F0}: {(times[Runs / 2] < aim ? "met" : "missed")} |");
    }

    private static double[] LaterCells(string program, string notebook)
    {
        Seconds("dotnet", program, "run", notebook);
        var cells = JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray();
        return [.. cells.Skip(1).Select(cell => WallTime().Match(cell!["outputs"]!.ToJsonString()) is { Success: true } found
            ? double.Parse(found.Groups["number"].Value, CultureInfo.InvariantCulture) * (found.Groups["unit"].Value == "ms" ? 1e-3 : 1)
            : throw new InvalidOperationException($"A cell has no time: {cell}"))];
    }

    private static double Seconds(string command, params string[] args)
    {
        var start = new ProcessStartInfo(command, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = clock.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? seconds : throw new InvalidOperationException($"{command} {string.Join(' ', args)}: {error.GetAwaiter().GetResult()}");
    }

    private static string Notebook(string path, IEnumerable<string> cells)
    {
        var document = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select(cell => (JsonNode)new JsonObject
                { ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = cell })]),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 2,
        };
        File.WriteAllText(path, document.ToJsonString());
        return path;
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "FlowKit.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The benchmarks run inside the repository.");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    [GeneratedRegex(@"Wall time: (?<number>[\d.]+) (?<unit>ms|s)\b")]
    private static partial Regex WallTime();
}
