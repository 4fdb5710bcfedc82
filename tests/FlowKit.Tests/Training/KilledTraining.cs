using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

/// <summary>A training in a process of its own: this assembly, started with two file names in its environment.</summary>
internal static class KilledTraining
{
    private const string CheckpointVariable = "FLOWKIT_TEST_CHECKPOINT", WeightsVariable = "FLOWKIT_TEST_WEIGHTS";

    /// <summary>Starts it. It writes a line after each step, with its number.</summary>
    public static Process Start(string checkpoint, string weights)
    {
        string dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return Process.Start(new ProcessStartInfo(dotnet, [typeof(KilledTraining).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [CheckpointVariable] = checkpoint, [WeightsVariable] = weights },
        })!;
    }

#pragma warning disable CA2255 // before the test runner's Main, which knows nothing of this
    [ModuleInitializer]
    internal static void RunIfAsked()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(CheckpointVariable) is not { } checkpoint) return;

        manual_seed(5);
        var flow = RealNvp.Create(4, layers: 4, hidden: [64]);
        Trainer.Fit(flow, randn(300, 4), randn(100, 4), new()
        {
            Steps = 1200,
            BatchSize = 32,
            Threads = 1,
            Average = 0.99,
            EvaluateEvery = 50,
            Checkpoint = new(checkpoint, Every: 3),
            AfterStep = point => Console.WriteLine(point.Step),
        });
        SafeTensors.Save(flow, Environment.GetEnvironmentVariable(WeightsVariable)!);
        Environment.Exit(0);
    }
}
