using System.Diagnostics;

namespace FlowKit.Cli.Tests;

/// <summary>Small notebooks for sweeps.</summary>
internal static class SweepBook
{
    /// <summary>A notebook whose code leaves a number called loss, which it claims to be at most 15.</summary>
    public static string Write(Workspace work, string code) => work.Notebook(
        $"using FlowKit.Experiments;\nusing FlowKit.Training;\nusing TorchSharp;\nusing static TorchSharp.torch;\nvar experiment = Experiment.Start(\"sweep\");\n{code}",
        "experiment.Results.Add(new(\"loss\", \"nats\", loss, Claim: Claim.AtMost(15))); experiment.AssertClaims()");

    /// <summary>A notebook that trains a line by noisy steps: slowly after step 600, unless the file "fast" is there. It notes the step each start goes on from.</summary>
    public static string Training(Workspace work) => Write(work, """
        double rate = experiment.Setting("lr", 1e-2);
        var line = nn.Linear(1, 1);
        bool told = false;
        Trainer.Fit(line, () => (line.forward(randn(8, 1)) - 3).square().mean(), new()
        {
            Name = "line", Steps = 1200, LearningRate = rate, Threads = 1,
            AfterStep = point =>
            {
                if (!told) File.AppendAllText("starts", $"{experiment.Seed} {point.Step - 1}\n");
                told = true;
                if (point.Step > 600 && !File.Exists("fast")) System.Threading.Thread.Sleep(100);
            },
        });
        double loss = (line.forward(ones(1, 1)) - 3).square().ToDouble();
        """);

    /// <summary>Waits until a run has written its first checkpoint.</summary>
    public static void WaitForCheckpoint(Process sweep, string run)
    {
        string file = Path.Combine(run, "checkpoints", "book", "line.safetensors");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            if (sweep.HasExited) Assert.Fail($"exit code {sweep.ExitCode}: {sweep.StandardError.ReadToEnd()}");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"no checkpoint at {file}");
            Thread.Sleep(50);
        }
    }

    /// <summary>The steps from which the runs of a seed went on, in order.</summary>
    public static int[] Starts(Workspace work, long seed) =>
        [.. File.ReadAllLines(work["starts"]).Select(line => line.Split(' ')).Where(words => words[0] == $"{seed}").Select(words => int.Parse(words[1]))];
}
