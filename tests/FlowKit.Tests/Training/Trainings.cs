using System.Runtime.InteropServices;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

/// <summary>Small trainings of every kind, the same each time.</summary>
internal static class Trainings
{
    private static readonly FitOptions plain = new() { Steps = 60, BatchSize = 16, LearningRate = 5e-3, Threads = 1, EvaluateEvery = 5 };

    public static IReadOnlyDictionary<string, FitOptions> Options { get; } = new Dictionary<string, FitOptions>
    {
        ["plain"] = plain,
        ["AdamW"] = plain with { Optimizer = Optimizer.AdamW(0.1) },
        ["Adamax"] = plain with { Optimizer = Optimizer.Adamax() },
        ["Sgd"] = plain with { Optimizer = Optimizer.Sgd(), LearningRate = 1e-3 },
        ["accumulated"] = plain with { Accumulate = 3 },
        ["averaged"] = plain with { Average = 0.9 },
        ["plateau"] = plain with { Schedule = Schedule.Plateau(0.5, patience: 1).AfterWarmUp(0.1), LearningRate = 0.05 },
        ["everything"] = plain with
        {
            Optimizer = Optimizer.Adamax(0.01),
            Accumulate = 2,
            Average = 0.95,
            Schedule = Schedule.Cosine * Schedule.Plateau(0.5, patience: 2),
            LearningRate = 0.05,
            Patience = 11,
        },
    };

    public static Flow Flow()
    {
        manual_seed(11);
        return RealNvp.Create(2, layers: 2, hidden: [8]);
    }

    public static Tensor Data()
    {
        manual_seed(11);
        return randn(50, 2);
    }

    /// <summary>Trains from the start, or on from the checkpoint, to the end or until it is stopped after that step.</summary>
    public static (Dictionary<string, byte[]> Weights, History History) Run(string name, string? checkpoint = null, int stop = int.MaxValue, Action<HistoryPoint>? afterStep = null)
    {
        using var source = new CancellationTokenSource();
        var flow = Flow();
        var data = Data();
        bool validates = Options[name].Schedule.OnPlateau is not null;
        var history = Trainer.Fit(flow, data, validates ? new Dataset(randn(40, 2)) : null, Options[name] with
        {
            Checkpoint = checkpoint is null ? null : new(checkpoint, Every: 10),
            Cancellation = source.Token,
            AfterStep = point =>
            {
                if (point.Step == stop) source.Cancel();
                afterStep?.Invoke(point);
            },
        });
        return (Bytes(flow), history);
    }

    public static Dictionary<string, byte[]> Bytes(nn.Module module) => module.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.bytes.ToArray());

    public static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (key, bytes) in expected) Assert.Equal(bytes, actual[key]);
        Assert.Contains(expected.Values, bytes => MemoryMarshal.Cast<byte, float>(bytes).ContainsAnyExcept(0f));
    }
}
