using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class TrainerTests
{
    private static readonly FitOptions Quick = new() { Steps = 60, BatchSize = 64, LearningRate = 5e-3, Threads = 1 };

    [Fact]
    public void Training_lowers_the_negative_log_likelihood()
    {
        manual_seed(1);
        var (moons, flow) = (new TwoMoons(), RealNvp.Create(2, layers: 4, hidden: [32]));
        var data = moons.Sample(2000);
        double before = Trainer.NegativeLogLikelihood(flow, data).Mean;
        var history = Trainer.Fit(flow, data, options: Quick with { Steps = 200 });
        double after = Trainer.NegativeLogLikelihood(flow, data).Mean;
        Assert.True(after < before - 0.5, $"{before} to {after}");
        Assert.Equal(200, history.Train[^1].Step);
        Assert.Equal(200, history.BestStep);
        Assert.False(flow.training);
    }

    [Fact]
    public void A_penalty_is_added_to_each_loss()
    {
        Assert.Equal(4, LeastOf(penalty: 0), 0.05);
        Assert.Equal(2, LeastOf(penalty: 1), 0.05);                           // (w - 4)² + w² is least at 2

        static double LeastOf(double penalty)
        {
            using var scope = NewDisposeScope();
            manual_seed(5);
            var model = nn.Linear(1, 1, hasBias: false);
            Trainer.Fit(model, () => (model.weight - 4).square().sum(), Quick with { Steps = 400, LearningRate = 0.1, Penalty = () => model.weight.square().sum() * penalty });
            return model.weight.ToDouble();
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_history()
    {
        double[] first = Losses(), second = Losses();
        Assert.Equal(first, second);

        static double[] Losses()
        {
            manual_seed(3);
            var flow = RealNvp.Create(2, layers: 2, hidden: [16]);
            return [.. Trainer.Fit(flow, new Banana(), Quick).Train.Select(point => point.Loss)];
        }
    }

    [Fact]
    public void The_weights_of_the_lowest_validation_loss_are_kept()
    {
        manual_seed(2);
        var flow = RealNvp.Create(2, layers: 4, hidden: [64, 64]);
        var (train, validation) = (randn(30, 2), randn(500, 2));              // thirty points: overfitting is certain
        var history = Trainer.Fit(flow, train, validation, Quick with { Steps = 300, EvaluateEvery = 10, LearningRate = 1e-2 });
        double best = history.Validation.Min(point => point.Loss);
        Assert.Equal(history.BestStep, history.Validation.First(point => point.Loss == best).Step);
        Assert.True(history.Validation[^1].Loss > best + 0.1);
        Assert.Equal(best, Trainer.NegativeLogLikelihood(flow, validation).Mean, 1e-6);
    }

    [Fact]
    public void Patience_ends_a_training_that_no_longer_improves()
    {
        manual_seed(2);
        var flow = RealNvp.Create(2, layers: 4, hidden: [64, 64]);
        var history = Trainer.Fit(flow, randn(30, 2), randn(500, 2), Quick with { Steps = 2000, EvaluateEvery = 10, LearningRate = 1e-2, Patience = 3 });
        Assert.True(history.Validation[^1].Step < 2000);
        Assert.Equal(30, history.Validation[^1].Step - history.BestStep);
    }

    [Fact]
    public void Accumulated_batches_train_as_one_batch_of_all_of_them()
    {
        var all = randn(40, 4, 2, dtype: float64);
        var (whole, parts) = (Train(4, 1), Train(1, 4));
        foreach (var (a, b) in whole.parameters().Zip(parts.parameters())) Assert.InRange(FlowKit.Laws.Expect.Distance(a, b), 0, 1e-10);

        Flow Train(int batch, int accumulate)
        {
            manual_seed(5);
            var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
            flow.to(float64);
            int next = 0;
            Trainer.Fit(flow, () => -flow.LogProb(all.view(-1, 2).narrow(0, batch * next++, batch)).mean(), Quick with { Steps = 40, Accumulate = accumulate });
            return flow;
        }
    }

    [Fact]
    public void An_average_follows_its_formula_and_is_what_remains()
    {
        manual_seed(6);
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        flow.to(float64);
        var weight = flow.parameters().Last();
        var expected = weight.detach().clone();
        Trainer.Fit(flow, randn(64, 2, dtype: float64), options: Quick with
        {
            Average = 0.8,
            AfterStep = point => expected += (1 - Math.Min(0.8, (1.0 + point.Step) / (10 + point.Step))) * (weight.detach() - expected),
        });
        Assert.InRange(FlowKit.Laws.Expect.Distance(expected, weight), 0, 1e-14);
        Assert.True(expected.abs().max().ToDouble() > 1e-3);
    }

    [Fact]
    public void An_average_is_what_is_evaluated_and_the_training_goes_on_from_the_weights_themselves()
    {
        double[] plain = Losses(null), averaged = Losses(0.9);
        Assert.Equal(plain, averaged);

        static double[] Losses(double? average)
        {
            manual_seed(7);
            var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
            var (train, validation) = (randn(50, 2), randn(50, 2));
            var history = Trainer.Fit(flow, train, validation, Quick with { Average = average, EvaluateEvery = 10 });
            Assert.Equal(history.Validation.Min(point => point.Loss), Trainer.NegativeLogLikelihood(flow, validation).Mean, 1e-6);
            return [.. history.Train.Select(point => point.Loss)];
        }
    }

    [Fact]
    public void Hooks_see_every_step_and_every_evaluation()
    {
        manual_seed(8);
        List<HistoryPoint> steps = [], evaluations = [];
        var history = Trainer.Fit(RealNvp.Create(2, layers: 2, hidden: [8]), randn(50, 2), randn(50, 2), Quick with { EvaluateEvery = 25, AfterStep = steps.Add, AfterEvaluation = evaluations.Add });
        Assert.Equal(Enumerable.Range(1, 60), steps.Select(point => point.Step));
        Assert.Equal([25, 50, 60], evaluations.Select(point => point.Step));
        Assert.Equal(history.Train, steps);
        Assert.Equal(history.Validation, evaluations);
    }

    [Fact]
    public void An_estimate_is_the_mean_and_its_standard_error()
    {
        manual_seed(4);
        var data = randn(5000, 2);
        var normal = new StandardNormal(2);
        var estimate = Trainer.NegativeLogLikelihood(normal, data);
        var each = -normal.LogProb(data);
        Assert.Equal(each.mean().ToDouble(), estimate.Mean, 1e-5);
        Assert.Equal(each.std().ToDouble() / Math.Sqrt(5000), estimate.StandardError, 1e-6);
        Assert.Equal(5000, estimate.Count);
        Assert.Equal(estimate.Mean / (2 * Math.Log(2)), estimate.InBitsPerDimension(2).Mean, 1e-12);
    }

    [Fact]
    public void Progress_reports_every_training_to_its_end()
    {
        var seen = new Collector();
        Trainer.Fit(RealNvp.Create(2, layers: 2, hidden: [8]), new Banana(), Quick with { Name = "banana", Progress = seen });
        Assert.Equal(("banana", 60, 60), (seen.Last!.Name, seen.Last.Step, seen.Last.Steps));
        Assert.Equal(TimeSpan.Zero, seen.Last.Remaining);
        Assert.True(seen.Last.StepsPerSecond > 0);
    }

    [Fact]
    public void The_hosts_progress_and_cancellation_are_used_where_the_options_name_none()
    {
        var seen = new Collector();
        try
        {
            TrainingHost.Progress = seen;
            Trainer.Fit(RealNvp.Create(2, layers: 2, hidden: [8]), new Banana(), Quick);
            Assert.NotNull(seen.Last);
            TrainingHost.Cancellation = new CancellationToken(canceled: true);
            Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(RealNvp.Create(2, layers: 2, hidden: [8]), new Banana(), Quick));
        }
        finally
        {
            (TrainingHost.Progress, TrainingHost.Cancellation) = (null, default);
        }
    }

    [Fact]
    public void A_canceled_training_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Trainer.Fit(RealNvp.Create(2, layers: 2, hidden: [8]), new Banana(), Quick with { Cancellation = source.Token }));
    }

    [Fact]
    public void The_thread_count_is_given_back()
    {
        int before = FlowKit.Runtime.Threads;
        Trainer.Fit(RealNvp.Create(2, layers: 2, hidden: [8]), new Banana(), Quick with { Threads = null, Steps = 250 });
        Assert.Equal(before, FlowKit.Runtime.Threads);
    }

    [Fact]
    public void An_empty_data_set_is_refused() =>
        Assert.Contains("train is empty", Assert.Throws<ArgumentException>("train", () => Trainer.Fit(RealNvp.Create(2), zeros(0, 2))).Message);

    [Fact]
    public void NaN_data_are_refused_with_the_row()
    {
        var data = randn(10, 2);
        data[7, 1] = double.NaN;
        string message = Assert.Throws<ArgumentException>("train", () => Trainer.Fit(RealNvp.Create(2), data)).Message;
        Assert.Contains("1 of 10 rows", message);
        Assert.Contains("row 7", message);
        Assert.Throws<ArgumentException>("validation", () => Trainer.Fit(RealNvp.Create(2), randn(9, 2), data));
        Assert.Throws<ArgumentException>("data", () => Trainer.NegativeLogLikelihood(RealNvp.Create(2), data));
    }

    [Fact]
    public void Data_of_another_shape_are_refused_before_the_first_step()
    {
        Assert.Contains("(10, 3)", Assert.Throws<ArgumentException>("train", () => Trainer.Fit(RealNvp.Create(2), randn(10, 3))).Message);
        Assert.Throws<ArgumentException>("source", () => Trainer.Fit(RealNvp.Create(3), new Banana()));
        Assert.Throws<ArgumentException>("context", () => Trainer.Fit(RealNvp.Create(2), new Dataset(randn(10, 2), randn(10, 1))));
        Assert.Throws<ArgumentException>("train", () => Trainer.Fit(RealNvp.Create(2, contextShape: 1), new Dataset(randn(10, 2), randn(9, 1))));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_training_and_says_where()
    {
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        int calls = 0;
        var error = Assert.Throws<TrainingException>(() =>
            Trainer.Fit(flow, () => flow.LogProb(randn(4, 2)).mean() * (++calls == 5 ? double.NaN : -1), Quick with { Name = "broken" }));
        Assert.Equal(5, error.Step);
        Assert.Contains("'broken' is NaN at step 5 of 60", error.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.9)]
    public void With_no_step_nothing_is_trained(double? average)
    {
        manual_seed(3);
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        var before = flow.parameters().Select(parameter => parameter.clone()).ToList();
        var x = new Banana().Sample(50);
        var history = Trainer.Fit(flow, x, x, Quick with { Steps = 0, Average = average });
        Assert.Equal((0, 0, 0), (history.Steps, history.BestStep, history.Train.Count));
        Assert.Equal(new HistoryPoint(0, Trainer.NegativeLogLikelihood(flow, x).Mean), Assert.Single(history.Validation));
        Assert.False(flow.training);
        Assert.All(flow.parameters().Zip(before), pair => Assert.Equal(0, FlowKit.Laws.Expect.Distance(pair.First, pair.Second)));
        Assert.Empty(Trainer.Fit(flow, x, options: Quick with { Steps = 0, Average = average }).Validation);
        Assert.All(flow.parameters().Zip(before), pair => Assert.Equal(0, FlowKit.Laws.Expect.Distance(pair.First, pair.Second)));
        Assert.Equal(5, Trainer.Fit(flow, x, options: Quick with { Steps = 5 }).Steps);
    }

    [Fact]
    public void An_early_stop_between_two_points_of_the_history_is_counted_to_its_last_step()
    {
        manual_seed(4);
        var flow = RealNvp.Create(2, layers: 1, hidden: [4]);
        var far = new Banana().Sample(20) + 30;                               // ever worse, the better the training fits the rest
        var history = Trainer.Fit(flow, new Banana().Sample(100), far, new() { Steps = 3000, EvaluateEvery = 20, Patience = 1, LearningRate = 1e-2, Threads = 1 });
        Assert.Equal(history.Validation[^1].Step, history.Steps);
        Assert.InRange(history.Steps, 20, 2999);
        Assert.NotEqual(history.Train[^1].Step, history.Steps);               // a point every 15 steps
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Refused("Steps", Quick with { Steps = -1 });
        Refused("BatchSize", Quick with { BatchSize = 0 });
        Refused("LearningRate", Quick with { LearningRate = double.NaN });
        Refused("Accumulate", Quick with { Accumulate = 0 });
        Refused("Average", Quick with { Average = 1 });
        Refused("Checkpoint.Every", Quick with { Checkpoint = new("x", Every: 0) });
        Refused("GradientClip", Quick with { GradientClip = 0 });
        Refused("EvaluateEvery", Quick with { EvaluateEvery = 0 });
        Refused("Patience", Quick with { Patience = 0 });
        Refused("Threads", Quick with { Threads = 0 });

        static void Refused(string name, FitOptions options) =>
            Assert.Throws<ArgumentOutOfRangeException>(name, () => Trainer.Fit(RealNvp.Create(2, layers: 1, hidden: [4]), new Banana(), options));
    }

    private sealed class Collector : IProgress<TrainingProgress>
    {
        public TrainingProgress? Last { get; private set; }

        public void Report(TrainingProgress value) => Last = value;
    }
}
