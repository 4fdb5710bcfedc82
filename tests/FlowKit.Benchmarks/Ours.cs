using System.Diagnostics;
using FlowKit.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>Our side of a contest: a model as its user trains, evaluates and samples it.</summary>
internal sealed class Ours
{
    private readonly Tensor data;
    private readonly FitOptions options;
    private readonly bool isOnGpu;
    private double step = 0.01;

    /// <param name="subject">The model.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="threads">The threads of one operation.</param>
    public Ours(Subject subject, Device device, int threads)
    {
        Runtime.Seed(0);
        Runtime.Threads = threads;
        Flow = subject.Make();
        Flow.to(device);
        data = subject.Draw().to(device);
        isOnGpu = device.type != DeviceType.CPU;
        options = new() { BatchSize = subject.Batch, Threads = threads, Penalty = subject.Penalty is { } penalty ? () => penalty(Flow) : null };
    }

    /// <summary>The model itself.</summary>
    public Flow Flow { get; }

    /// <summary>So many examples of its data, from the first on, and once more from there if they are more than there are.</summary>
    public Tensor Batch(int rows) => rows <= data.size(0) ? data.narrow(0, 0, rows) : data.index_select(0, arange(rows, dtype: int64, device: data.device).remainder(data.size(0)));

    /// <summary>Seconds of a training step: forward, backward and Adam; a training's first steps are not counted.</summary>
    public double Train()
    {
        int steps = Math.Max(4, (int)(Contest.Block.TotalSeconds / step * 4 / 3)), warm = steps / 4;
        long start = 0, end = 0;
        Train(steps, Stamp);
        return step = Stopwatch.GetElapsedTime(start, end).TotalSeconds / (steps - warm);

        void Stamp(int at)
        {
            if (at != warm && at != steps) return;
            Wait();
            (start, end) = (end, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>A whole training; each step is told after it.</summary>
    public void Train(int steps, Action<int> afterStep) => Trainer.Fit(Flow, data, options: options with { Steps = steps, AfterStep = point => afterStep(point.Step) });

    /// <summary>Seconds of one log-density of so many points.</summary>
    public double LogProb(int rows)
    {
        using var none = no_grad();
        using var batch = Batch(rows);
        return Turn(() => Flow.LogProb(batch).Dispose());
    }

    /// <summary>Seconds of so many samples.</summary>
    public double Sample(int rows)
    {
        using var none = no_grad();
        return Turn(() => Flow.Sample(rows).Dispose());
    }

    /// <summary>Seconds of one call that works on the model's device.</summary>
    public double Turn(Action call) => Stopwatches.Turn(() =>
    {
        call();
        Wait();
    }, Contest.Block);

    private void Wait()
    {
        if (isOnGpu) cuda.synchronize();
    }
}
