using FlowKit.Data;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class StoppedTrainingTests
{
    private readonly Flow flow = RealNvp.Create(2, layers: 2);

    [Fact]
    public void A_training_that_is_stopped_tells_its_history_up_to_the_last_step()
    {
        using var stop = new CancellationTokenSource();
        var losses = new List<double>();
        var options = new FitOptions
        {
            Steps = 5000,
            Name = "stopped",
            Threads = 1,
            Cancellation = stop.Token,
            AfterStep = point =>
            {
                losses.Add(point.Loss);
                if (point.Step == 37) stop.Cancel();
            },
        };
        var stopped = Assert.Throws<TrainingStoppedException>(() => Trainer.Fit(flow, new GaussianRing(), options));
        Assert.IsAssignableFrom<OperationCanceledException>(stopped);
        Assert.Equal(stop.Token, stopped.CancellationToken);
        Assert.Contains("'stopped' was stopped after step 37 of 5000", stopped.Message);

        // 200 points in 5,000 steps: one at 25, and what came after it.
        Assert.Equal([25, 37], stopped.History.Train.Select(point => point.Step));
        Assert.Equal(losses.Take(25).Average(), stopped.History.Train[0].Loss, 1e-9);
        Assert.Equal(losses.Skip(25).Average(), stopped.History.Train[1].Loss, 1e-9);
        Assert.Equal(37, stopped.History.BestStep);
        Assert.Equal(stopped.History.Train, Trainer.LastHistory!.Train);
        Assert.False(flow.training);
    }

    [Fact]
    public void The_last_history_is_that_of_the_training_that_ended_last_however_it_ended()
    {
        var done = Trainer.Fit(flow, new GaussianRing(), new FitOptions { Steps = 5, Threads = 1 });
        Assert.Same(done, Trainer.LastHistory);
        int step = 0;
        Assert.Throws<TrainingException>(() => Trainer.Fit(flow, () => ++step == 4 ? flow.LogProb(zeros(1, 2)).sum() / 0 : -flow.LogProb(randn(8, 2)).mean(), new FitOptions { Steps = 9, Name = "broken", Threads = 1 }));
        Assert.Equal(("broken", 3), (Trainer.LastHistory!.Name, Trainer.LastHistory.Train[^1].Step));
    }

    [Fact]
    public void The_receiver_of_progress_hears_of_the_stop()
    {
        using var stop = new CancellationTokenSource();
        var heard = new List<TrainingProgress>();
        var options = new FitOptions { Steps = 5000, Threads = 1, Cancellation = stop.Token, Progress = new Receiver(heard), AfterStep = point => { if (point.Step == 12) stop.Cancel(); } };
        Assert.Throws<TrainingStoppedException>(() => Trainer.Fit(flow, new GaussianRing(), options));
        Assert.Equal((12, true), (heard[^1].Step, heard[^1].IsLast));
        Assert.DoesNotContain(heard.SkipLast(1), progress => progress.IsLast);
    }

    private sealed class Receiver(List<TrainingProgress> heard) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => heard.Add(value);
    }
}
