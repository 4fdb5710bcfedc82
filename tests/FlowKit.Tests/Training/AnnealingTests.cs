using FlowKit.Distributions;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class AnnealingTests
{
    [Fact]
    public void A_weight_rises_to_one_and_stays()
    {
        var warmUp = new Annealing(From: 0.2, Until: 0.4);
        Assert.Equal([0.2, 0.6, 1, 1], new[] { 0, 0.2, 0.4, 1 }.Select(warmUp.At).ToArray(), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>("From", () => new Annealing(From: -1));
        Assert.Throws<ArgumentOutOfRangeException>("Until", () => new Annealing(Until: 0));
        Assert.Throws<ArgumentOutOfRangeException>("progress", () => warmUp.At(-0.1));
    }

    [Fact]
    public void A_loss_is_given_the_share_of_the_steps_that_is_done()
    {
        var (model, seen) = (new Normal().Learned(1), new List<double>());
        Trainer.Fit(model, Loss, new() { Steps = 4, Threads = 1 });
        Assert.Equal([0, 0.25, 0.5, 0.75], seen);

        seen.Clear();
        Trainer.Fit(model, randn(20, 1), (batch, progress) => Loss(progress), options: new() { Steps = 2, Threads = 1 });
        Assert.Equal([0, 0.5], seen);

        Tensor Loss(double progress)
        {
            seen.Add(progress);
            return -model.LogProb(zeros(5, 1)).mean();
        }
    }

    [Fact]
    public void A_resumed_training_goes_on_with_the_share_it_had()
    {
        using var scratch = new Scratch();
        string path = scratch["run.safetensors"];
        var seen = new List<double>();
        manual_seed(1);
        using (var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken))
            Assert.Throws<TrainingStoppedException>(() => Run(step =>
            {
                if (step == 3) cancel.Cancel();
            }, cancel.Token));
        manual_seed(1);
        Run(_ => { }, TestContext.Current.CancellationToken);
        Assert.Equal([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875], seen);

        void Run(Action<int> after, CancellationToken cancel)
        {
            var model = new Normal().Learned(1);
            Tensor Loss(double progress)
            {
                seen.Add(progress);
                return -model.LogProb(zeros(5, 1)).mean();
            }
            Trainer.Fit(model, Loss, new() { Steps = 8, Threads = 1, Checkpoint = new(path), Cancellation = cancel, AfterStep = point => after(point.Step) });
        }
    }
}
