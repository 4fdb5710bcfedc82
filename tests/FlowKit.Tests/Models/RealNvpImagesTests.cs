using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class RealNvpImagesTests
{
    private static readonly ImageSizes Small = new(1, 8, 8) { Scales = 2, Blocks = 1, Maps = 4, Levels = 17 };

    [Fact]
    public void A_scale_is_three_checkerboards_a_squeeze_and_three_channel_couplings_and_the_last_is_four_checkerboards()
    {
        using var scope = NewDisposeScope();
        var flow = RealNvp.ForImages(Small with { Scales = 3, BatchNorm = false });
        var kinds = flow.modules().Where(module => module is CheckerboardCoupling or Squeeze or Coupling).GroupBy(module => module.GetType()).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(3 + 3 + 4, kinds[typeof(CheckerboardCoupling)]);
        Assert.Equal(3 + 3, kinds[typeof(Coupling)]);
        Assert.Equal(2, kinds[typeof(Squeeze)]);
        Assert.Equal([[2, 2, 4, 4], [2, 4, 2, 2], [2, 4, 2, 2]], ((MultiScale)((Chain)flow.Transform)[^1]).Parts(randn(2, 64)).Select(part => part.shape));
    }

    [Theory]
    [InlineData("CIFAR-10", 2, 8, 64)]
    [InlineData("ImageNet32", 4, 4, 32)]
    [InlineData("ImageNet64", 5, 2, 32)]
    [InlineData("CelebA", 5, 2, 32)]
    public void The_papers_models_have_the_papers_sizes(string name, int scales, int blocks, int maps)
    {
        var sizes = name switch { "CIFAR-10" => ImageSizes.Cifar10, "ImageNet32" => ImageSizes.ImageNet32, "ImageNet64" => ImageSizes.ImageNet64, _ => ImageSizes.CelebA };
        Assert.Equal((scales, blocks, maps, 256, 0.05, true), (sizes.Scales, sizes.Blocks, sizes.Maps, sizes.Levels, sizes.Alpha, sizes.BatchNorm));
        if (scales > 2) Assert.Equal(4, sizes.Height >> (scales - 1));        // the last scale works on 4x4

        using var scope = NewDisposeScope();
        var flow = RealNvp.ForImages(sizes with { Blocks = 0, Maps = 2 });    // the same layers with small networks
        Assert.Equal([3, sizes.Height, sizes.Width], flow.EventShape);
        Assert.Equal([1L], flow.LogProb(randint(0, 256, [1, 3, sizes.Height, sizes.Width])).shape);
    }

    [Fact]
    public void Every_pixel_influences_every_latent()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var stack = ((Chain)RealNvp.ForImages(new(1, 4, 4) { Blocks = 1, Maps = 8 }).Transform)[^1];
        stack.to(float64);
        using (no_grad())
            foreach (var parameter in stack.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        stack.eval();
        var x = randn([4, 1, 4, 4], dtype: float64).requires_grad_();
        var z = stack.Forward(x).Z;
        for (int i = 0; i < 16; i++)
            Assert.All(autograd.grad([z.select(1, i).sum()], [x], retain_graph: true)[0].abs().sum(dim: 0).flatten().data<double>().ToArray(), slope => Assert.True(slope > 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_couplings_of_a_scale_map_every_number_in_turn(int blocks)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = RealNvp.ForImages(new(2, 4, 4) { Blocks = blocks, Maps = 4, BatchNorm = false });
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter));
        var couplings = flow.modules().OfType<Coupling>().ToList();
        var x = randn(3, 8, 2, 2);
        var kept = ones_like(x, dtype: @bool);
        foreach (var coupling in couplings) kept = kept.logical_and(coupling.Forward(x).Z.eq(x));
        Assert.Equal(0, kept.sum().ToInt64());
    }

    [Fact]
    public void By_moving_averages_training_and_evaluation_give_the_same_log_probs()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = randn(16, 1, 8, 8, float64);
        Assert.InRange(Gap(movingAverages: true), 0, 1e-9);
        Assert.True(Gap(movingAverages: false) > 1);

        // The largest difference between the log-determinant of a training batch and that of the same batch at evaluation right after it.
        double Gap(bool movingAverages)
        {
            var stack = ((Chain)RealNvp.ForImages(Small with { MovingAverages = movingAverages }).Transform)[^1];
            stack.to(float64);
            using var none = no_grad();
            foreach (var parameter in stack.parameters()) parameter.add_(randn_like(parameter) * 0.1);
            stack.train();
            var inTraining = stack.Forward(x).LogDet;
            stack.eval();
            return Distance(stack.Forward(x).LogDet, inTraining);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flow_that_starts_from_anothers_weights_gives_its_log_probs_whatever_the_context(bool movingAverages)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var sizes = Small with { MovingAverages = movingAverages };
        var trained = Shaken(RealNvp.ForImages(sizes));
        var conditional = RealNvp.From(trained, sizes, contextShape: 3);
        conditional.eval();
        var x = randint(0, 17, [5, 1, 8, 8]);
        Assert.InRange(Distance(LogProb(conditional, randn(5, 3)), LogProb(trained, null)), 0, 1e-3);

        // One step of learning, and the context counts; the trained flow stays as it is.
        var before = LogProb(trained, null);
        Trainer.Fit(conditional, new Dataset(x, randn(5, 3)), options: new() { Steps = 3, LearningRate = 0.1, Threads = 1 });
        Assert.True(Distance(LogProb(conditional, randn(5, 3)), LogProb(conditional, randn(5, 3))) > 1e-3);
        Assert.Equal(0, Distance(LogProb(trained, null), before));

        Tensor LogProb(Flow flow, Tensor? context)
        {
            manual_seed(2);                                                      // the same noise
            return flow.LogProb(x, context);
        }
    }

    [Fact]
    public void Weights_serve_another_height_and_width_but_no_other_network()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var trained = Shaken(RealNvp.ForImages(Small));
        var larger = RealNvp.From(trained, Small with { Height = 16, Width = 12 });
        Assert.Equal([1, 16, 12], larger.EventShape);
        var (same, weights) = (larger.state_dict(), trained.state_dict());
        Assert.All(weights, it => Assert.Equal(0, Distance(same[it.Key], it.Value)));

        Assert.Contains("other layers", Assert.Throws<ArgumentException>("sizes", () => RealNvp.From(trained, Small with { Blocks = 2 })).Message);
        Assert.Contains("has shape", Assert.Throws<ArgumentException>("sizes", () => RealNvp.From(trained, Small with { Maps = 8 })).Message);
        var conditional = RealNvp.ForImages(Small, contextShape: 3);
        Assert.Contains("without one", Assert.Throws<ArgumentException>("trained", () => RealNvp.From(conditional, Small)).Message);
    }

    [Fact]
    public void A_uniform_law_of_the_latents_costs_8_bits_a_dimension()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var sizes = Small with { Levels = 256, Alpha = 0, BatchNorm = false };
        var flow = new Flow(RealNvp.ForImages(sizes).Transform, new StandardLogistic(sizes.Dimensions));  // the identity, then the logit undone: every image is as likely
        Assert.InRange(Bits.PerDimension(flow.LogProb(randint(0, 256, [8, 1, 8, 8])).mean().ToDouble(), sizes.Dimensions), 8 - 1e-5, 8 + 1e-5);
    }

    [Fact]
    public void Draws_are_whole_numbers_of_the_levels()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = RealNvp.ForImages(Small);
        flow.eval();
        var x = flow.Sample(16);
        Assert.Equal([16, 1, 8, 8], x.shape);
        Assert.Equal(0, Distance(x, x.round()));
        Assert.InRange(x.min().ToDouble(), 0, 16);
        Assert.InRange(x.max().ToDouble(), 0, 16);
    }

    [Fact]
    public void Training_lowers_the_loss_and_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var data = (rand(64, 1, 8, 8) * 6 + linspace(0, 10, 8)).floor();
        var flow = RealNvp.ForImages(Small);
        var live = new List<long>();
        var history = Trainer.Fit(flow, data, options: new()
        {
            Steps = 30,
            BatchSize = 16,
            LearningRate = 3e-3,
            Threads = 1,
            Penalty = () => RealNvp.ScaleDecay(flow),
            AfterStep = _ => live.Add(LiveTensors),
        });
        Assert.True(history.Train[^1].Loss < history.Train[0].Loss - 20, $"{history.Train[0].Loss} to {history.Train[^1].Loss}");
        Assert.Equal(live[4], live[^1]);
    }

    [Fact]
    public void Scale_decay_is_the_sum_of_squared_lengths_of_all_filters()
    {
        using var scope = NewDisposeScope();
        var flow = RealNvp.ForImages(Small);
        using (no_grad())
            foreach (var (name, parameter) in flow.named_parameters())
                if (name.EndsWith("g") && parameter.Dimensions == 4) parameter.fill_(2);
        long filters = flow.named_parameters().Where(it => it.name.EndsWith("g") && it.parameter.Dimensions == 4).Sum(it => it.parameter.numel());
        Assert.Equal(4 * filters * 0.5, RealNvp.ScaleDecay(flow, coefficient: 0.5).ToDouble(), tolerance: 1e-2);

        using var mlp = RealNvp.Create(2);
        Assert.Contains("weight-normalized", Assert.Throws<ArgumentException>(() => RealNvp.ScaleDecay(mlp)).Message);
    }

    [Theory]
    [InlineData(1, 7, 8, 2, "multiples of 2; they were 7x8")]
    [InlineData(1, 8, 12, 4, "multiples of 8; they were 8x12")]
    [InlineData(1, 2, 2, 2, "single pixel")]
    public void An_image_that_cannot_be_halved_that_often_is_refused(long channels, long height, long width, int scales, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => RealNvp.ForImages(new(channels, height, width) { Scales = scales })).Message);

    [Fact]
    public void The_tanh_bounds_log_scales_by_its_learned_scale()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var layer = TanhScale.Of(3, 4, (i, o) => new Mlp(i, o, [8]));
        using (no_grad())
        {
            foreach (var parameter in layer.parameters()) parameter.add_(randn_like(parameter) * 100);
            layer.named_parameters().Single(it => it.name == "g").parameter.fill_(0.25);
        }
        var theta = layer.Forward(randn(50, 3), null);
        Assert.InRange(theta.narrow(1, 0, 2).abs().max().ToDouble(), 0.2, 0.25);
        Assert.True(theta.narrow(1, 2, 2).abs().max().ToDouble() > 1);
        Assert.Contains("even", Assert.Throws<ArgumentOutOfRangeException>(() => TanhScale.Of(3, 3, (i, o) => new Mlp(i, o, [8]))).Message);
    }

    private static Flow Shaken(Flow flow)
    {
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.1);
        flow.eval();
        return flow;
    }
}
