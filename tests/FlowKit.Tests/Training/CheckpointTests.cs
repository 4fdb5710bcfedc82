using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly int threads = FlowKit.Runtime.Threads;

    public CheckpointTests() => FlowKit.Runtime.Threads = 2;         // where there is one, nothing is measured

    public void Dispose()
    {
        FlowKit.Runtime.Threads = threads;
        scratch.Dispose();
    }

    public static TheoryData<string> Options => [.. Trainings.Options.Keys];

    [Theory, MemberData(nameof(Options))]
    public void A_training_stopped_anywhere_goes_on_to_the_same_bits(string name)
    {
        var (whole, wholeHistory) = Trainings.Run(name);
        int[] stops = [1, 7, 29, 30, 43];
        foreach (int stop in stops) Assert.ThrowsAny<OperationCanceledException>(() => Trainings.Run(name, scratch["c"], stop));
        var (pieces, history) = Trainings.Run(name, scratch["c"]);
        Trainings.AssertSame(whole, pieces);
        Assert.Equal(wholeHistory.Train, history.Train);
        Assert.Equal(wholeHistory.Validation, history.Validation);
        Assert.Equal(wholeHistory.BestStep, history.BestStep);
        Assert.Equal(["c"], scratch.Files);
    }

    [Fact]
    public void A_training_that_crashes_between_checkpoints_repeats_the_steps_since_the_last_one()
    {
        var (whole, _) = Trainings.Run("plain");
        int seen = 0;
        Assert.Throws<InvalidTimeZoneException>(() => Trainings.Run("plain", scratch["c"], afterStep: point => { if (point.Step == 33) throw new InvalidTimeZoneException(); }));
        var (pieces, _) = Trainings.Run("plain", scratch["c"], afterStep: point => seen = seen == 0 ? point.Step : seen);
        Assert.Equal(31, seen);
        Trainings.AssertSame(whole, pieces);
    }

    [Fact]
    public void A_finished_training_gives_its_weights_and_the_random_stream_after_it_at_once()
    {
        var (whole, history) = Trainings.Run("everything", scratch["c"]);
        var after = randn(5);
        int steps = 0;
        var (again, same) = Trainings.Run("everything", scratch["c"], afterStep: _ => steps++);
        Assert.Equal(0, steps);
        Trainings.AssertSame(whole, again);
        Assert.Equal(0, FlowKit.Laws.Expect.Distance(after, randn(5)));
        Assert.Equal(history.Validation, same.Validation);
        Assert.True(same.Elapsed >= history.Elapsed);
    }

    [Fact]
    public void A_training_whose_patience_ran_out_is_finished()
    {
        var options = Trainings.Options["plain"] with { Patience = 1, LearningRate = 0.5, Checkpoint = new(scratch["c"], Every: 1000) };
        int steps = 0;
        var (first, history) = Fit();
        Assert.InRange(history.Train[^1].Step, 10, 55);
        steps = 0;
        var (second, same) = Fit();
        Assert.Equal(0, steps);
        Trainings.AssertSame(first, second);
        Assert.Equal((history.BestStep, history.Validation.Count), (same.BestStep, same.Validation.Count));

        (Dictionary<string, byte[]>, History) Fit()
        {
            var flow = Trainings.Flow();
            var history = Trainer.Fit(flow, Trainings.Data(), randn(40, 2), options with { AfterStep = _ => steps++ });
            return (Trainings.Bytes(flow), history);
        }
    }

    [Fact]
    public void The_thread_count_that_was_chosen_is_chosen_again()
    {
        using var source = new CancellationTokenSource();
        var options = Trainings.Options["plain"] with { Threads = null, Steps = 250, Checkpoint = new(scratch["c"], Every: 10), Cancellation = source.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(Trainings.Flow(), Trainings.Data(), options: options with { AfterStep = point => { if (point.Step == 60) source.Cancel(); } }));
        var state = new Checkpoint(scratch["c"], TrainingSettings.Of(options, new(_ => zeros(1), Trainings.Data()), validates: false)).Load()!.Value.State;
        Assert.InRange(state.Threads!.Value, 1, 2);
        int other = state.Threads.Value == 1 ? 2 : 1;
        var rewritten = new List<int>();
        Trainer.Fit(Trainings.Flow(), Trainings.Data(), options: options with { Cancellation = default, AfterStep = _ => rewritten.Add(FlowKit.Runtime.Threads) });
        Assert.DoesNotContain(other, rewritten);
        Assert.Equal(190, rewritten.Count);
    }

    [Fact]
    public void Another_setting_is_refused_by_name()
    {
        Trainings.Run("plain", scratch["c"]);
        var plain = Trainings.Options["plain"] with { Checkpoint = new(scratch["c"]) };
        Refused("LearningRate is 0.005 there and 0.01 here", plain with { LearningRate = 0.01 });
        Refused("Steps is 60 there and 90 here", plain with { Steps = 90 });
        Refused("Optimizer is AdamW(weightDecay: 0, beta1: 0.9, beta2: 0.999) there and Sgd(", plain with { Optimizer = Optimizer.Sgd() });
        Refused("Schedule is 1 0.99", plain with { Schedule = Schedule.Constant });
        Refused("data is (50, 2) of Float32", plain, data: ones(50, 2));
        Refused("seed is 11 there and 12 here", plain, seed: 12);

        void Refused(string message, FitOptions options, Tensor? data = null, int seed = 11)
        {
            var flow = Trainings.Flow();
            data ??= Trainings.Data();
            manual_seed(seed);
            string text = Assert.Throws<CheckpointException>(() => Trainer.Fit(flow, data, options: options)).Message;
            Assert.Contains(message, text);
            Assert.Contains(scratch["c"], text);
        }
    }

    [Fact]
    public void Another_model_is_refused_with_the_names_of_its_weights()
    {
        Trainings.Run("plain", scratch["c"]);
        byte[] before = File.ReadAllBytes(scratch["c"]);
        var options = Trainings.Options["plain"] with { Checkpoint = new(scratch["c"]) };
        Assert.Contains("is of another model than this Flow: it lacks 'transform.layers.2.", Refused(layers: 3, width: 8));
        Assert.Contains("the module has no 'transform.layers.1.", Refused(layers: 1, width: 8));
        Assert.Contains("is (8, 1) of Float32; the module's is (9, 1) of Float32", Refused(layers: 2, width: 9));
        Assert.Equal(before, File.ReadAllBytes(scratch["c"]));

        string Refused(int layers, int width)
        {
            manual_seed(11);
            var flow = RealNvp.Create(2, layers, hidden: [width]);
            var data = Trainings.Data();
            manual_seed(11);
            return Assert.Throws<CheckpointException>(() => Trainer.Fit(flow, data, options: options)).Message;
        }
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_of_this_version_is_refused()
    {
        SafeTensors.Save(Trainings.Flow(), scratch["weights"]);
        Assert.Contains("holds tensors and no state of a training", Refused("weights"));
        SafeTensors.Write(scratch["newer"], new Dictionary<string, Tensor>(), new Dictionary<string, string> { ["flowkit.checkpoint"] = "2" });
        Assert.Contains("has version 2; this program reads version 1", Refused("newer"));
        File.WriteAllText(scratch["text"], "This is a text, and not a checkpoint of anything at all.");
        Assert.Contains("cannot be read", Refused("text"));
        File.WriteAllText(scratch["empty"], "");
        Assert.Contains("it has 0 bytes", Refused("empty"));

        string Refused(string file) => Assert.Throws<CheckpointException>(() => Trainings.Run("plain", scratch[file])).Message;
    }

    [Fact]
    public void A_truncated_or_damaged_checkpoint_is_refused()
    {
        Trainings.Run("plain", scratch["c"]);
        byte[] good = File.ReadAllBytes(scratch["c"]);
        for (int i = 0; i < 60; i++)
        {
            var random = new Random(i);
            byte[] bad = i % 2 == 0 ? good[..random.Next(good.Length)] : [.. good];
            if (i % 2 == 1) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(scratch["c"], bad);
            string message = Assert.Throws<CheckpointException>(() => Trainings.Run("plain", scratch["c"])).Message;
            Assert.Contains(scratch["c"], message);
            Assert.Equal(bad, File.ReadAllBytes(scratch["c"]));
        }
    }

    [Fact]
    public void A_full_disk_is_a_clear_error_and_the_checkpoint_before_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/full.");

        byte[]? before = null;
        var error = Assert.Throws<CheckpointException>(() => Trainings.Run("plain", scratch["c"], afterStep: point =>
        {
            if (point.Step != 15) return;
            before = File.ReadAllBytes(scratch["c"]);
            File.CreateSymbolicLink(scratch[".c.tmp"], "/dev/full");
        }));
        Assert.Contains("The checkpoint of step 20 cannot be written", error.Message);
        Assert.Contains("No space left on device", error.Message);
        Assert.Contains("The one before it is still there.", error.Message);
        Assert.Equal(before, File.ReadAllBytes(scratch["c"]));
        Assert.Equal(["c"], scratch.Files);
        Trainings.AssertSame(Trainings.Run("plain").Weights, Trainings.Run("plain", scratch["c"]).Weights);
    }

    [Fact]
    public void A_checkpoint_in_a_folder_that_cannot_be_is_a_clear_error()
    {
        File.WriteAllText(scratch["file"], "");
        Assert.Contains("There is none before it.", Assert.Throws<CheckpointException>(() => Trainings.Run("plain", scratch["file/c"])).Message);
        Trainings.Run("plain", scratch["new/folder/c"]);
        Assert.True(File.Exists(scratch["new/folder/c"]));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_before_the_first_step()
    {
        Directory.CreateDirectory(scratch["folder"]);
        int steps = 0;
        string message = Assert.Throws<CheckpointException>(() => Trainings.Run("plain", scratch["folder"], afterStep: _ => steps++)).Message;
        Assert.Contains($"The checkpoint cannot be written to {scratch["folder"]}: It is a folder.", message);
        Assert.Equal(0, steps);
        Assert.Equal(["folder"], scratch.Files);
    }

    [Fact]
    public void A_finished_training_is_read_from_where_nothing_can_be_written()
    {
        var whole = Trainings.Run("plain", scratch["c"]).Weights;
        Directory.CreateDirectory(scratch[".c.tmp"]);                       // no temporary file can take this place
        Trainings.AssertSame(whole, Trainings.Run("plain", scratch["c"]).Weights);
    }

    [Fact]
    public void While_threads_are_measured_nothing_is_written_that_would_go_on_differently()
    {
        var seen = new List<bool>();
        using var source = new CancellationTokenSource();
        var options = Trainings.Options["plain"] with
        {
            Threads = null,
            Steps = 250,
            Checkpoint = new(scratch["c"], Every: 1),
            Cancellation = source.Token,
            AfterStep = point =>
            {
                seen.Add(File.Exists(scratch["c"]));
                if (point.Step == 22) source.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(Trainings.Flow(), Trainings.Data(), options: options));
        Assert.Equal([.. Enumerable.Repeat(false, 20), true, true], seen);
    }
}
