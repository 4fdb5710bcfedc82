using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Inference;
using FlowKit.Integration;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class FlowPlusPlusTests
{
    private static readonly FlowPlusPlusSizes Pair = new(1, 1, 2) { Filters = 8, Blocks = 1, Components = 3, Heads = 2, ChannelCouplings = 0, NoiseCouplings = 2, NoiseBlocks = 1, Levels = 4 };

    private static readonly FlowPlusPlusSizes Small = new(1, 4, 4) { Filters = 8, Blocks = 1, Components = 4, Heads = 2, NoiseCouplings = 2, NoiseBlocks = 1, Levels = 17 };

    [Theory]
    [InlineData("whole", 31_443_440)]
    [InlineData("uniform", 32_324_408)]
    [InlineData("affine", 32_045_708)]
    [InlineData("no attention", 31_443_440)]
    public void The_named_models_have_the_parameters_of_the_published_code(string name, long count)
    {
        using var native = NativeMemory.Enter();
        var sizes = name switch
        {
            "whole" => FlowPlusPlusSizes.Cifar10,
            "uniform" => FlowPlusPlusSizes.Cifar10Uniform,
            "affine" => FlowPlusPlusSizes.Cifar10Affine,
            _ => FlowPlusPlusSizes.Cifar10NoAttention,
        };
        using var flow = FlowPlusPlus.ForImages(sizes);
        Assert.Equal(count, flow.ParameterCount);
        Assert.Equal([3, 32, 32], flow.EventShape);
        Assert.Equal(9, ((Chain)flow.Transform).Count(layer => layer is Coupling));
    }

    [Fact]
    public void The_CIFAR_10_model_learns_from_an_image_and_draws_one()
    {
        using var native = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var flow = FlowPlusPlus.ForImages(FlowPlusPlusSizes.Cifar10);
        var x = randint(0, 256, [1, 3, 32, 32], dtype: uint8);
        Trainer.Fit(flow, x, options: new() { Steps = 1, Threads = Environment.ProcessorCount, GradientClip = 1 });
        using var none = no_grad();
        Assert.InRange(Bits.PerDimension(flow.LogProb(x).ToDouble(), flow.Dimensions), 0, 20);
        var drawn = flow.Sample(1);
        Assert.Equal([1, 3, 32, 32], drawn.shape);
        Assert.Equal(0, Distance(drawn, drawn.round().clamp(0, 255)));
    }

    [Fact]
    public void The_halves_of_the_channels_are_the_even_and_the_odd_rows()
    {
        var chain = (Chain)FlowPlusPlus.ForImages(new(3, 4, 4) { Filters = 4, Blocks = 1, Components = 2, Heads = 2, Checkerboards = 0, Variational = false }).Transform;
        var x = arange(48, dtype: float32).reshape(1, 3, 4, 4);
        var z = chain[3].Forward(chain[2].Forward(x).Z).Z;
        Assert.IsType<Squeeze>(chain[2]);
        Assert.Equal([1, 12, 2, 2], z.shape);
        var rows = x.reshape(1, 3, 2, 2, 4);
        Assert.Equal(0, Distance(z.narrow(1, 0, 6).flatten().sort().Values, rows.select(3, 0).flatten().sort().Values));
        Assert.Equal(0, Distance(z.narrow(1, 6, 6).flatten().sort().Values, rows.select(3, 1).flatten().sort().Values));
        Assert.Equal(0, Distance(z[0].narrow(0, 0, 3), x[0].reshape(3, 2, 2, 2, 2).select(4, 0).select(2, 0)));   // a pixel's channels come together
    }

    [Fact]
    public void Every_pixel_influences_every_latent()
    {
        using var native = NativeMemory.Enter();
        manual_seed(1);
        var bijection = Behind(Shaken(FlowPlusPlus.ForImages(Small), 0.2)).Transform;
        var x = (rand([4, 1, 4, 4], dtype: float64) * 0.9 + 0.05).requires_grad_();
        var z = bijection.Forward(x).Z.flatten(1);
        for (int i = 0; i < 16; i++)
            Assert.True(autograd.grad([z.select(1, i).sum()], [x], retain_graph: true)[0].abs().sum(dim: 0).min().ToDouble() > 0);
    }

    [Fact]
    public void Noise_stays_inside_the_cell_and_integrates_to_1_over_it()
    {
        using var native = NativeMemory.Enter();
        manual_seed(1);
        var noise = Noise(Shaken(FlowPlusPlus.ForImages(Pair), 0.3));
        var x = tensor(new[] { -1.0, 1.0 / 3 }, [1, 1, 1, 2]);                  // levels 0 and 2, as the noise is given them
        var (u, logQ) = noise.SampleWithLogProb(2000, x);
        Assert.True(u.gt(0).logical_and(u.lt(1)).all().ToBoolean());
        Assert.InRange(Distance(noise.LogProb(u, x), logQ), 0, 1e-6);

        // u = sigmoid(t): smooth on the whole plane, where the midpoint rule converges faster than any power.
        using var plane = QuadratureRule.Rectangle((-24, 24), (-24, 24), resolution: 160);
        foreach (var level in (Tensor[])[x, -x])
        {
            double mass = plane.Integrate(t => noise.LogProb(t.sigmoid().reshape(-1, 1, 1, 2), level).exp() * (t.sigmoid() * (-t).sigmoid()).prod(1));
            Assert.Equal(1, mass, 1e-4);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bounds_stay_below_the_exact_probabilities_grow_with_the_draws_and_average_to_them(bool variational)
    {
        using var native = NativeMemory.Enter();
        using var none = no_grad();
        manual_seed(2);
        const int draws = 16_384;
        var flow = Shaken(FlowPlusPlus.ForImages(Pair with { Variational = variational }), 0.1);
        var density = Behind(flow);
        double total = 0;
        foreach (var (first, second) in from i in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 4) select (i, j))
        {
            using var cell = QuadratureRule.Rectangle((first / 4.0, (first + 1) / 4.0), (second / 4.0, (second + 1) / 4.0), resolution: 40);
            double mass = cell.Integrate(z => density.LogProb(z.reshape(-1, 1, 1, 2)).exp()), exact = Math.Log(mass);
            total += mass;
            if ((first + second) % 3 != 0) continue;

            var log = flow.LogProb(tensor(new[] { (double)first, second }, [1, 1, 1, 2]).expand(draws, 1, 1, 2));
            var p = log.exp();
            Assert.Equal(mass, p.mean().ToDouble(), 4.5 * Error(p) + 1e-4 * mass);

            // Groups of the same draws: paired, so that what one bound gains on the next shows.
            Tensor last = log;
            foreach (int k in (int[])[2, 8, 64])
            {
                var bound = ImportanceWeights.LogMean(log.reshape(draws / k, k).t());
                var gain = bound - last.reshape(bound.size(0), -1).mean([1]);
                Assert.True(gain.mean().ToDouble() > -4 * Error(gain), $"{k} draws at ({first}, {second})");
                Assert.True(bound.mean().ToDouble() < exact + 4.5 * Error(bound) + 1e-4, $"{k} draws at ({first}, {second})");
                last = bound;
            }
            var whole = exact - log.mean().ToDouble();
            Assert.True(whole > 4 * Error(log), $"no gap at ({first}, {second}): {whole}");
        }
        Assert.InRange(total, 0.3, 1 + 1e-4);                                  // the logit's margins hold the rest

        static double Error(Tensor all) => all.std().ToDouble() / Math.Sqrt(all.size(0));
    }

    [Fact]
    public void Training_tightens_the_bound_lowers_the_loss_and_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var data = (rand(64, 1, 4, 4) * 6 + linspace(0, 10, 4)).floor();
        var flow = FlowPlusPlus.ForImages(Small);
        var live = new List<long>();
        var history = Trainer.Fit(flow, data, options: new()
        {
            Steps = 40,
            BatchSize = 32,
            LearningRate = 3e-3,
            Threads = 1,
            AfterStep = _ => live.Add(LiveTensors),
        });
        Assert.True(history.Train[^1].Loss < history.Train[0].Loss - 5, $"{history.Train[0].Loss} to {history.Train[^1].Loss}");
        Assert.Equal(live[4], live[^1]);
    }

    [Fact]
    public void Draws_leave_the_start_to_the_first_training_batch()
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var flow = FlowPlusPlus.ForImages(Small);
        flow.Sample(3);
        flow.SampleWithLogProb(3);
        DataStartConv[] layers = [.. flow.modules().OfType<DataStartConv>()];
        Assert.NotEmpty(layers);
        Assert.All(layers, layer => Assert.False(layer.IsInitialized));
        flow.LogProb(randint(0, 17, [8, 1, 4, 4]));
        Assert.All(layers, layer => Assert.True(layer.IsInitialized));
    }

    [Fact]
    public void A_flow_that_is_saved_and_loaded_keeps_its_start_and_its_answers()
    {
        using var native = NativeMemory.Enter();
        manual_seed(1);
        var (flow, copy) = (FlowPlusPlus.ForImages(Small), FlowPlusPlus.ForImages(Small));
        var x = randint(0, 17, [30, 1, 4, 4]);
        flow.LogProb(x);                                                       // sets the start
        Assert.All(flow.modules().OfType<DataStartConv>(), layer => Assert.True(layer.IsInitialized));
        Assert.All(flow.modules().OfType<ActNorm>(), layer => Assert.True(layer.IsInitialized));
        using var stream = new MemoryStream();
        flow.save(stream);
        copy.load(new MemoryStream(stream.ToArray()));
        copy.train();
        copy.LogProb(randint(0, 3, [30, 1, 4, 4]));
        flow.eval();
        copy.eval();
        Assert.Equal(0, Distance(Seeded(flow), Seeded(copy)));

        Tensor Seeded(Flow flow)
        {
            manual_seed(3);
            return flow.LogProb(x);
        }
    }

    [Fact]
    public void A_trained_flow_has_no_NaN_anywhere()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = FlowPlusPlus.ForImages(new(1, 2, 2) { Filters = 16, Blocks = 1, Components = 8, NoiseCouplings = 2, NoiseBlocks = 1, ChannelCouplings = 0, Levels = 16 });
        var x = cat([randint(0, 3, [300, 1, 2, 2]), randint(12, 16, [300, 1, 2, 2])]).to(float32);
        Trainer.Fit(flow, x, options: new() { Steps = 120, BatchSize = 64, LearningRate = 5e-3, Average = 0.95, Threads = 1 });
        double bits = Trainer.NegativeLogLikelihood(flow, x).InBitsPerDimension(4).Mean;
        Assert.InRange(bits, (1 + Math.Log2(3) * 2 + Math.Log2(4) * 2) / 4, 3.5);            // the entropy, and less than the uniform law's 4

        using var none = no_grad();
        var points = cat([cartesian_prod([.. Enumerable.Repeat(arange(-1, 17, 3, dtype: float32), 4)]), randn(50, 4) * 1e6]).floor().reshape(-1, 1, 2, 2);
        var log = flow.LogProb(points);
        Assert.False(log.isnan().any().ToBoolean());                                          // -inf outside the levels
        Assert.True(log.masked_select(points.ge(0).logical_and(points.le(15)).flatten(1).all(1)).isfinite().all().ToBoolean());
        foreach (double scale in (double[])[0, 1, 30, 1e4, -1e6])
        {
            var (drawn, logDet) = flow.Transform.Inverse(randn(100, 1, 2, 2) * scale);
            Assert.Equal(0, Distance(drawn, drawn.round().clamp(0, 15)));
            Assert.False(logDet.isnan().any().ToBoolean());
        }
    }

    [Theory]
    [InlineData(4, 5, 2, "the width is even; it was 5")]
    [InlineData(4, 6, 2, "a multiple of 4; it was 6")]
    [InlineData(3, 4, 2, "the height is even; it was 3")]
    public void An_image_that_cannot_be_split_is_refused(long height, long width, int channelCouplings, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => FlowPlusPlus.ForImages(Small with { Height = height, Width = width, ChannelCouplings = channelCouplings })).Message);

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Refused<ArgumentException>("Heads", Small with { Heads = 3 });
        Refused<ArgumentOutOfRangeException>("Heads", Small with { Heads = -1 });
        Refused<ArgumentOutOfRangeException>("Filters", Small with { Filters = 0 });
        Refused<ArgumentOutOfRangeException>("Blocks", Small with { Blocks = 0 });
        Refused<ArgumentOutOfRangeException>("Components", Small with { Components = 0 });
        Refused<ArgumentOutOfRangeException>("Dropout", Small with { Dropout = 1 });
        Refused<ArgumentOutOfRangeException>("NoiseCouplings", Small with { NoiseCouplings = 0 });
        Refused<ArgumentOutOfRangeException>("Levels", Small with { Levels = 1 });
        Refused<ArgumentOutOfRangeException>("levels", Small with { Levels = 1 << 20 });
        Refused<ArgumentOutOfRangeException>("Channels", Small with { Channels = 1L << 40 });
        Assert.Contains("17.5", Assert.Throws<ArgumentException>("x", () => FlowPlusPlus.ForImages(Small).LogProb(full([1, 1, 4, 4], 17.5f))).Message);
        Assert.Throws<ArgumentException>("x", () => FlowPlusPlus.ForImages(Small).LogProb(zeros(1, 1, 8, 8)));

        static void Refused<T>(string name, FlowPlusPlusSizes sizes) where T : ArgumentException => Assert.Throws<T>(name, () => FlowPlusPlus.ForImages(sizes));
    }

    [Fact]
    public void Digits_and_small_images_of_several_channels_fit()
    {
        using var native = NativeMemory.Enter();
        manual_seed(1);
        FlowPlusPlusSizes[] all = [new(1, 8, 8) { Levels = Digits.Levels }, new(3, 4, 4), new(2, 2, 2) { LastCheckerboards = 0 }, new(1, 2, 2) { ChannelCouplings = 0, Affine = true, Heads = 0 }];
        foreach (var sizes in all)
        {
            var flow = FlowPlusPlus.ForImages(sizes with { Filters = 4, Blocks = 1, Components = 2, Heads = Math.Min(sizes.Heads, 2), NoiseBlocks = 1 });
            var x = randint(0, sizes.Levels, [6, sizes.Channels, sizes.Height, sizes.Width]);
            Assert.True(flow.LogProb(x).isfinite().all().ToBoolean());
            flow.eval();
            Assert.Equal(x.shape, flow.Sample(6).shape);
        }
    }

    // The model behind the dequantization: a density on the unit cube.
    private static Flow Behind(Flow flow) => new(new Chain(((Chain)flow.Transform).Skip(1)), flow.Base);

    private static EmbeddedDistribution Noise(Flow flow) => flow.modules().OfType<EmbeddedDistribution>().Single();
}
