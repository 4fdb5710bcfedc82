using FlowKit.Conditioners;
using FlowKit.Inference;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public sealed class GlowTests : IDisposable
{
    private static readonly GlowSizes Small = new(1, 8, 8) { Scales = 2, Steps = 2, Maps = 4, Levels = 17 };

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_papers_CIFAR_10_model_has_44_million_parameters_as_counted_by_hand()
    {
        using var scope = NewDisposeScope();
        // A step of c channels: normalization 2c; W c²; a network from c/2 to c maps: 3x3 without bias and its normalization, 1x1 likewise, 3x3 with biases and factors.
        static long Step(long c) => 2 * c + c * c + (c / 2 * 512 * 9 + 2 * 512) + (512 * 512 + 2 * 512) + (512 * c * 9 + 2 * c);
        // A split of c channels: 3x3 from c/2 to the mean and scale of c/2; the last latent's mean and scale.
        static long Split(long c) => c / 2 * c * 9 + 2 * c;
        long byHand = 32 * (Step(12) + Step(24) + Step(48)) + Split(12) + Split(24) + 2 * 48;
        Assert.Equal(44_049_408, 32 * (Step(12) + Step(24) + Step(48)));
        Assert.Equal(44_052_816, byHand);
        Assert.Equal(byHand, Glow.ForImages(GlowSizes.Cifar10).ParameterCount);

        // The published code's 3x3 convolutions also read a channel that marks the edge, and its last prior is a convolution of zeros.
        long edges = 32 * (3 * 512 * 9 + 9 * (12 + 24 + 48)) + 9 * (12 + 24) + 9 * (96 + 1) * 96;
        Assert.Equal(44_603_604, byHand + edges + 2 * 48);
    }

    [Theory]
    [InlineData("CIFAR-10", 3, 32, 256)]
    [InlineData("ImageNet32", 3, 48, 256)]
    [InlineData("ImageNet64", 4, 48, 256)]
    [InlineData("LSUN", 4, 48, 256)]
    [InlineData("CelebA-HQ", 6, 32, 32)]
    public void The_papers_models_have_the_papers_sizes_and_run_forward_backward_and_to_draws(string name, int scales, int steps, int levels)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var sizes = name switch { "CIFAR-10" => GlowSizes.Cifar10, "ImageNet32" => GlowSizes.ImageNet32, "ImageNet64" => GlowSizes.ImageNet64, "LSUN" => GlowSizes.Lsun, _ => GlowSizes.CelebAHq };
        Assert.Equal((scales, steps, levels, 512, name == "CelebA-HQ"), (sizes.Scales, sizes.Steps, sizes.Levels, sizes.Maps, sizes.Additive));
        Assert.Equal(4, sizes.Height >> sizes.Scales);                        // the last level works on 4x4

        var flow = Glow.ForImages(sizes with { Steps = 1, Maps = 4 });        // the same layers with small networks
        Assert.Equal([3, sizes.Height, sizes.Width], flow.EventShape);
        flow.LogProb(randint(0, levels, [2, 3, sizes.Height, sizes.Width])).mean().backward();
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().ToBoolean()));
        flow.eval();
        var x = flow.Sample(1);
        Assert.Equal([1, 3, sizes.Height, sizes.Width], x.shape);
        Assert.InRange(x.min().ToDouble(), 0, levels - 1);
        Assert.InRange(x.max().ToDouble(), 0, levels - 1);
        Assert.Equal(0, Distance(x, x.round()));
    }

    [Theory]
    [InlineData(GlowMixing.Conv, typeof(InvertibleConv1x1))]
    [InlineData(GlowMixing.LuConv, typeof(InvertibleConv1x1))]
    [InlineData(GlowMixing.Shuffle, typeof(Permutation))]
    [InlineData(GlowMixing.Reverse, typeof(Permutation))]
    public void A_level_is_a_squeeze_and_steps_of_a_normalization_a_mixing_and_a_coupling(GlowMixing mixing, Type layer)
    {
        using var scope = NewDisposeScope();
        var flow = Glow.ForImages(Small with { Mixing = mixing, Additive = true });
        Type[] step = [typeof(ActNorm), layer, typeof(Coupling)];
        var levels = Stack(flow).Levels.Select(level => ((Chain)level).ToArray()).ToArray();
        Assert.Equal([typeof(Squeeze), .. step, .. step], levels[0].Select(one => one.GetType()));
        Assert.Equal([typeof(Squeeze), .. step, .. step, typeof(ElementwiseTransform)], levels[1].Select(one => one.GetType()));
        Assert.All(levels.SelectMany(level => level).OfType<Coupling>(), coupling => Assert.True(coupling.Map is AdditiveMap && coupling.Conditioner is GlowNet));
        Assert.Equal([[2, 2, 4, 4], [2, 8, 2, 2]], Stack(flow).Parts(randn(2, 64)).Select(part => part.shape));

        var orders = flow.modules().OfType<Permutation>().Select(one => string.Join(" ", one.Order)).ToArray();
        if (mixing == GlowMixing.Shuffle) Assert.Equal(4, orders.Distinct().Count());                                             // drawn anew for each step,
        if (mixing == GlowMixing.Shuffle) Assert.NotEqual(orders, Glow.ForImages(Small with { Mixing = mixing, Seed = 1 }).modules().OfType<Permutation>().Select(one => string.Join(" ", one.Order)));
        if (mixing == GlowMixing.Reverse) Assert.Equal(["3 2 1 0", "3 2 1 0", "7 6 5 4 3 2 1 0", "7 6 5 4 3 2 1 0"], orders);
        var plain = flow.modules().OfType<InvertibleConv1x1>().Count(conv => !conv.state_dict().ContainsKey("sign"));
        Assert.Equal(mixing == GlowMixing.Conv ? 4 : 0, plain);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void At_the_start_a_flow_is_linear_with_the_volume_of_its_normalizations_and_mixings(bool gated)
    {
        using var scope = NewDisposeScope();
        var stack = Stack(Glow.ForImages(Small, gated ? new GatedAffineMap() : null));
        manual_seed(1);
        using (no_grad())
            foreach (var parameter in stack.modules().Where(layer => layer is ActNorm or InvertibleConv1x1).SelectMany(layer => layer.parameters())) parameter.add_(randn_like(parameter) * 0.2);
        stack.to(float64);
        stack.eval();
        var (x, y) = (randn(3, 1, 8, 8, float64), randn(3, 1, 8, 8, float64));
        Tensor F(Tensor x) => stack.Forward(x).Z;
        Assert.InRange(Distance(F(x + y) + F(zeros_like(x)), F(x) + F(y)), 0, 1e-12);                    // affine, so that its Jacobian is the same everywhere

        var (h, volume) = (zeros(1, 1, 8, 8, float64), 0.0);
        foreach (var level in stack.Levels)
        {
            foreach (var layer in (Chain)level)
            {
                (h, var logDet) = layer.Forward(h);
                if (layer is ActNorm or InvertibleConv1x1) volume += logDet.ToDouble();
            }
            if (level != stack.Levels[^1]) h = h.narrow(1, 0, h.size(1) / 2);
        }
        const int mapped = 2 * 2 * 16 + 2 * 4 * 4;                                                       // numbers that two couplings of each level map
        double gates = gated ? mapped * Math.Log(1 / (1 + Math.Exp(-2))) : 0;
        Assert.True(Math.Abs(volume) > 1);
        Assert.InRange(Distance(stack.Forward(x).LogDet, full(3, volume + gates, float64)), 0, 1e-11);
    }

    [Fact]
    public void The_first_training_batch_leaves_every_normalization_with_mean_0_and_sd_1()
    {
        using var scope = NewDisposeScope();
        var stack = Stack(Glow.ForImages(Small));
        stack.to(float64);
        manual_seed(1);
        var h = randn(40, 1, 8, 8, float64) * 3 + linspace(-2, 2, 8, float64);
        stack.train();
        stack.Forward(h);
        int seen = 0;
        foreach (var level in stack.Levels)
        {
            foreach (var layer in (Chain)level)
            {
                h = layer.Forward(h).Z;
                if (layer is not ActNorm) continue;
                seen++;
                var columns = h.transpose(0, 1).flatten(1);
                Assert.InRange(columns.mean([1]).abs().max().ToDouble(), 0, 1e-12);
                Assert.InRange((columns.std(1, unbiased: false) - 1).abs().max().ToDouble(), 0, 1e-12);
            }
            h = h.narrow(1, 0, h.size(1) / 2);
        }
        Assert.Equal(4, seen);
        Assert.All(stack.modules().OfType<ActNorm>(), norm => Assert.True(norm.IsInitialized));
    }

    [Fact]
    public void Draws_leave_the_normalizations_to_that_batch()
    {
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var flow = Glow.ForImages(new(1, 4, 4) { Steps = 1, Maps = 4, Levels = 17 });
        flow.Sample(3);
        ActNorm[] layers = [.. flow.modules().OfType<ActNorm>()];
        Assert.NotEmpty(layers);
        Assert.All(layers, layer => Assert.False(layer.IsInitialized));
        flow.LogProb(randint(0, 17, [8, 1, 4, 4]));
        Assert.All(layers, layer => Assert.True(layer.IsInitialized));
    }

    [Fact]
    public void What_leaves_at_a_split_follows_a_normal_law_read_from_what_stays()
    {
        using var scope = NewDisposeScope();
        var stack = Shaken(Stack(Glow.ForImages(Small)), 0.2);
        var prior = stack.modules().OfType<Coupling>().Single(coupling => coupling.Conditioner is ScaledZeroConv);
        manual_seed(2);
        var h = randn(5, 4, 4, 4, float64);
        var (kept, left) = (h.narrow(1, 0, 2), h.narrow(1, 2, 2));
        var theta = prior.Conditioner.Forward(kept, null);
        var logScale = -(theta.narrow(1, 0, 2) / (1 + theta.narrow(1, 0, 2).abs() / 3));                 // ln sigma
        var mean = -theta.narrow(1, 2, 2) * logScale.exp();
        var law = -((left - mean) / logScale.exp()).square() / 2 - logScale - Math.Log(2 * Math.PI) / 2;
        var (z, logDet) = prior.Forward(h);
        var latent = (-z.narrow(1, 2, 2).square() / 2 - Math.Log(2 * Math.PI) / 2).flatten(1).sum(1) + logDet;
        Assert.InRange(Distance(latent, law.flatten(1).sum(1)), 0, 1e-11);
        Assert.Equal(0, Distance(z.narrow(1, 0, 2), kept));
    }

    [Fact]
    public void The_class_moves_and_scales_the_channels_of_the_last_latent_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Glow.ForImages(Small with { Classes = 3 });
        Assert.Equal([3], flow.ContextShape!);
        var stack = Shaken(Stack(flow), 0.2);
        manual_seed(2);
        var x = randn(4, 1, 8, 8, float64);
        Tensor Class(int c) => eye(3, dtype: float64).narrow(0, c, 1);
        var (one, two) = (stack.Forward(x, Class(0)), stack.Forward(x, Class(2)));
        Assert.Equal(0, Distance(stack.Parts(one.Z)[0], stack.Parts(two.Z)[0]));
        var (p, q) = (stack.Parts(one.Z)[1], stack.Parts(two.Z)[1]);          // the same numbers under two affine maps a channel
        (p, q) = (p - p.mean([0, 2, 3], keepdim: true), q - q.mean([0, 2, 3], keepdim: true));
        var slope = (q.square().mean([0, 2, 3], keepdim: true) / p.square().mean([0, 2, 3], keepdim: true)).sqrt();
        Assert.InRange(Distance(q, p * slope), 0, 1e-11);
        Assert.True((slope - 1).abs().min().ToDouble() > 1e-3);
        Assert.InRange(Distance(two.LogDet - one.LogDet, slope.log().sum().expand(4) * 4), 0, 1e-10);    // 2x2 positions
    }

    [Fact]
    public void At_the_start_no_class_is_likelier_than_another()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Glow.ForImages(Small with { Classes = 3 });
        var logProbs = ClassPosterior.LogProbs(flow, randint(0, 17, [6, 1, 8, 8]), classes: 3);
        Assert.Equal(0, Distance(logProbs, logProbs.narrow(1, 0, 1).expand(6, 3)));
    }

    [Fact]
    public void The_classifier_reads_the_last_latent_before_the_class_is_known()
    {
        using var scope = NewDisposeScope();
        var flow = Glow.ForImages(Small with { Classes = 3 });
        var classifier = Shaken(new GlowClassifier(flow), 0.2);
        Assert.Equal(flow.ParameterCount + 8 * 3 + 3, classifier.ParameterCount);
        manual_seed(2);
        var x = randint(0, 17, [6, 1, 8, 8]);
        var labels = tensor((long[])[0, 1, 2, 2, 1, 0]);
        var classes = ClassPosterior.OneHot(labels, 3).to(float64);

        var logits = Noise(() => classifier.Logits(x));
        Assert.Equal([6, 3], logits.shape);
        Assert.True((logits - logits.mean([0])).abs().min().ToDouble() > 1e-6);
        var logProb = Noise(() => flow.LogProb(x, classes));
        var crossEntropy = nn.functional.cross_entropy(logits, labels);
        Assert.InRange(Distance(Noise(() => classifier.JointLoss(x, classes, weight: 0.5)), -logProb.mean() / 64 + 0.5 * crossEntropy), 0, 1e-10);
        Assert.InRange(Distance(Noise(() => classifier.JointLoss(x, classes)), -logProb.mean() / 64 + 0.01 * crossEntropy), 0, 1e-10);

        // By hand: the mean of what the last step gives.
        var stack = Stack(flow);
        var z = Noise(() => flow.Transform.Forward(x, classes).Z);
        var top = ((Chain)stack.Levels[1])[^1].Inverse(stack.Parts(z)[1], classes).X.mean([2, 3]);
        var state = classifier.state_dict();
        Assert.InRange(Distance(logits, top.matmul(state["linear.layers.0.weight"].t()) + state["linear.layers.0.bias"]), 0, 1e-10);

        static Tensor Noise(Func<Tensor> draw)
        {
            manual_seed(3);
            return draw();
        }
    }

    [Fact]
    public void The_joint_loss_trains_the_flow_and_the_classifier_by_the_batches_of_a_data_set()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var labels = randint(0, 2, [64], dtype: int64);
        var x = (rand(64, 1, 8, 8) * 6 + labels.reshape(64, 1, 1, 1) * 8).floor();                       // dark and light
        var classifier = new GlowClassifier(Glow.ForImages(Small with { Classes = 2, Steps = 1 }));
        Assert.Equal(0, classifier.Logits(x).abs().max().ToDouble());
        var before = classifier.state_dict().ToDictionary(it => it.Key, it => it.Value.clone());
        var rows = new HashSet<long>();
        var history = Trainer.Fit(classifier, new Dataset(x, ClassPosterior.OneHot(labels, 2)), (batch, progress) =>
        {
            rows.Add(batch.Count);
            return classifier.JointLoss(batch.X, batch.Context!, weight: 1);
        }, new() { Steps = 60, BatchSize = 16, LearningRate = 1e-2, Threads = 1 });
        Assert.Equal([16L], rows);
        Assert.True(history.Train[^1].Loss < history.Train[0].Loss - 0.5, $"{history.Train[0].Loss} to {history.Train[^1].Loss}");
        Assert.Contains(classifier.state_dict(), it => it.Key.StartsWith("flow.") && Distance(it.Value, before[it.Key]) > 1e-3);
        Assert.True(classifier.Logits(x).argmax(1).eq(labels).to(float32).mean().ToDouble() > 0.95);
        Assert.Throws<ArgumentException>("train", () => Trainer.Fit(classifier, new Dataset(zeros(0, 1, 8, 8)), (batch, _) => zeros(1)));
    }

    [Fact]
    public void At_temperature_1_nothing_changes_and_at_T_every_latent_is_T_times_as_large()
    {
        using var scope = NewDisposeScope();
        var flow = Shaken(Glow.ForImages(Small), 0.1);
        var x = randint(0, 17, [4, 1, 8, 8]);
        Assert.InRange(Distance(Seeded(() => flow.AtTemperature(1).LogProb(x)), Seeded(() => flow.LogProb(x))), 0, 1e-9);
        var noise = Seeded(() => randn(4, 64, float64));
        Assert.Equal(0, Distance(Seeded(() => flow.AtTemperature(0.7).Sample(4)), flow.Transform.Inverse(0.7 * noise).X));
        Assert.Throws<ArgumentOutOfRangeException>("temperature", () => flow.AtTemperature(0));

        static Tensor Seeded(Func<Tensor> draw)
        {
            manual_seed(3);
            return draw();
        }
    }

    [Fact]
    public void Numbers_of_a_thousand_give_no_NaN()
    {
        using var scope = NewDisposeScope();
        foreach (var map in (ElementwiseMap?[])[null, new GatedAffineMap()])
        {
            var stack = Stack(Glow.ForImages(Small, map));
            manual_seed(1);
            using (no_grad())
                foreach (var parameter in stack.parameters()) parameter.add_(randn_like(parameter) * 0.2);
            stack.eval();
            double far = map is null ? 1e3 : 1;                               // a gate that is nearly shut is opened by up to e^80
            foreach (var (to, logDet) in (ValueTuple<Tensor, Tensor>[])[stack.Forward(randn(8, 1, 8, 8) * 1e3), stack.Inverse(randn(8, 64) * far)])
            {
                Assert.True(to.isfinite().all().ToBoolean());
                Assert.True(logDet.isfinite().all().ToBoolean());
            }
        }
    }

    [Fact]
    public void Training_lowers_the_loss_and_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var data = (rand(64, 1, 8, 8) * 6 + linspace(0, 10, 8)).floor();
        var flow = Glow.ForImages(Small);
        var live = new List<long>();
        var history = Trainer.Fit(flow, data, options: new() { Steps = 30, BatchSize = 16, LearningRate = 3e-3, Threads = 1, AfterStep = _ => live.Add(LiveTensors) });
        Assert.True(history.Train[^1].Loss < history.Train[0].Loss - 20, $"{history.Train[0].Loss} to {history.Train[^1].Loss}");
        Assert.Equal(live[4], live[^1]);
    }

    [Fact]
    public void A_plain_matrix_that_becomes_singular_stops_the_training_and_the_checkpoint_before_it_goes_on()
    {
        using var scope = NewDisposeScope();
        string path = scratch["c"];
        var whole = Train(checkpoint: null, breakAt: 0);
        var error = Assert.Throws<InvalidOperationException>(() => Train(path, breakAt: 5));
        Assert.Contains("singular", error.Message);
        Assert.Contains("LU form, new InvertibleConv1x1(4, factored: true)", error.Message);
        var resumed = Train(path, breakAt: 0);
        foreach (var (key, value) in whole.state_dict()) Assert.True(value.eq(resumed.state_dict()[key]).all().ToBoolean(), key);

        static Flow Train(string? checkpoint, int breakAt)
        {
            manual_seed(11);
            var images = randint(0, 17, [32, 1, 8, 8], dtype: float32);
            var flow = Glow.ForImages(Small with { Mixing = GlowMixing.Conv, Steps = 1 });
            var weight = flow.modules().OfType<InvertibleConv1x1>().First().parameters().Single();
            Trainer.Fit(flow, images, options: new()
            {
                Steps = 8,
                BatchSize = 8,
                LearningRate = 1e-3,
                Threads = 1,
                Checkpoint = checkpoint is null ? null : new(checkpoint, Every: 2),
                AfterStep = point =>
                {
                    using var none = no_grad();
                    if (point.Step == breakAt) weight[0].copy_(weight[1]);                               // two rows alike
                },
            });
            return flow;
        }
    }

    [Fact]
    public void Images_of_8_bits_in_n_bits_keep_their_dtype()
    {
        using var scope = NewDisposeScope();
        var all = arange(256, dtype: int64);
        for (int bits = 1; bits <= 8; bits++)
        {
            int width = 1 << (8 - bits);
            var expected = tensor(Enumerable.Range(0, 256).Select(x => (long)(x / width)).ToArray());
            foreach (var dtype in (ScalarType[])[uint8, int64, float32, float64])
            {
                var reduced = Glow.Reduce(all.to(dtype), bits);
                Assert.Equal(dtype, reduced.dtype);
                Assert.Equal(0, Distance(reduced, expected));
            }
        }
        Assert.Contains("256", Assert.Throws<ArgumentException>("images", () => Glow.Reduce(full([2, 2], 256L), 5)).Message);
        Assert.Contains("0.5", Assert.Throws<ArgumentException>("images", () => Glow.Reduce(full([2, 2], 0.5), 5)).Message);
        Assert.Throws<ArgumentException>("images", () => Glow.Reduce(full([2, 2], double.NaN), 5));
        Assert.Throws<ArgumentException>("images", () => Glow.Reduce(full([2, 2], -1.0), 5));
        Assert.Throws<ArgumentOutOfRangeException>("bits", () => Glow.Reduce(all, 9));
        Assert.Throws<ArgumentOutOfRangeException>("bits", () => Glow.Reduce(all, 0));
    }

    [Fact]
    public void A_pixel_beyond_the_bits_has_no_probability_and_a_training_names_the_batch_with_it()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Glow.ForImages(Small);
        var x = randint(0, 17, [16, 1, 8, 8], dtype: float32);
        x[3, 0, 2, 2] = 17f;
        Assert.Equal(double.NegativeInfinity, flow.LogProb(x)[3].ToDouble());
        Assert.True(flow.LogProb(x)[2].isfinite().ToBoolean());
        var error = Assert.Throws<TrainingException>(() => Trainer.Fit(flow, x, options: new() { Steps = 2, BatchSize = 16, Threads = 1 }));
        Assert.Contains("outside the model's support", error.Message);
        Assert.Contains(3, error.Rows);
    }

    [Fact]
    public void A_logit_may_stand_in_for_the_centering()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = randint(0, 17, [64, 1, 8, 8]);
        var (centered, open) = (Glow.ForImages(Small), Glow.ForImages(Small with { Alpha = 0.05 }));
        var z = Before(centered, x);
        Assert.InRange(z.min().ToDouble(), -0.5, -0.45);
        Assert.InRange(z.max().ToDouble(), 0.45, 0.5);
        double end = Math.Log(0.95 / 0.05);
        Assert.InRange(Before(open, x).min().ToDouble(), -end, -0.8 * end);
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => Glow.ForImages(Small with { Alpha = 0.5 }));

        static Tensor Before(Flow flow, Tensor x)
        {
            var chain = (Chain)flow.Transform;
            return chain[1].Forward(chain[0].Forward(x).Z).Z;
        }
    }

    [Fact]
    public void Glow_of_vectors_is_steps_of_the_same_kind()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = Glow.Create(5, steps: 2, GlowMixing.Reverse, hidden: [8], new AdditiveMap(), contextShape: 2, preprocessing: [new LuLinear(5)]);
        Assert.Equal([typeof(LuLinear), typeof(ActNorm), typeof(Permutation), typeof(Coupling), typeof(ActNorm), typeof(Permutation), typeof(Coupling)], ((Chain)flow.Transform).Select(layer => layer.GetType()));
        Assert.Equal([3L], flow.LogProb(randn(3, 5), randn(3, 2)).shape);
        var shuffled = Glow.Create(8, steps: 4, GlowMixing.Shuffle, seed: 1).modules().OfType<Permutation>().Select(layer => string.Join(" ", layer.Order)).ToArray();
        Assert.Equal(4, shuffled.Distinct().Count());
        Assert.Equal(8, Glow.Create(2).modules().OfType<InvertibleConv1x1>().Count());
    }

    [Fact]
    public void One_normalization_and_mixing_is_the_best_linear_map_of_a_rotated_normal_law()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var sd = tensor(new[] { 0.1, 0.25, 0.5, 1 });
        var rotation = linalg.qr(randn(4, 4, float64)).Q;
        var covariance = rotation.matmul(sd.square().diag()).matmul(rotation.t());
        var chain = new Chain(new ActNorm(4), new InvertibleConv1x1(4));
        chain.to(float64);
        // E[-log p] under z = A x + b for x ~ N(0, S) is (tr(A S A') + |b|² + D ln 2 pi) / 2 - ln|det A|: no noise in the loss.
        var points = cat([eye(4, dtype: float64), zeros(1, 4, float64)]);
        Tensor Nll()
        {
            var (z, logDet) = chain.Forward(points);
            var (a, b) = ((z[..4] - z[4]).t(), z[4]);
            return (a.matmul(covariance).matmul(a.t()).diagonal().sum() + b.square().sum() + 4 * Math.Log(2 * Math.PI)) / 2 - logDet[0];
        }
        double entropy = 2 * Math.Log(2 * Math.PI * Math.E) + sd.log().sum().ToDouble();
        Trainer.Fit(chain, Nll, new() { Steps = 1500, LearningRate = 0.02, Threads = 1 });
        using var none = no_grad();
        Assert.InRange(Nll().ToDouble() - entropy, -1e-9, 1e-4);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("multiples of 4; they were 7x8", Assert.Throws<ArgumentException>("Height", () => Glow.ForImages(Small with { Height = 7 })).Message);
        Assert.Contains("6 levels halve an image 6 times", Assert.Throws<ArgumentException>("Height", () => Glow.ForImages(Small with { Scales = 6 })).Message);
        Assert.Throws<ArgumentOutOfRangeException>("Scales", () => Glow.ForImages(Small with { Scales = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Steps", () => Glow.ForImages(Small with { Steps = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Maps", () => Glow.ForImages(Small with { Maps = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Classes", () => Glow.ForImages(Small with { Classes = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>("Mixing", () => Glow.ForImages(Small with { Mixing = (GlowMixing)9 }));
        Assert.Throws<ArgumentOutOfRangeException>("mixing", () => Glow.Create(4, mixing: (GlowMixing)9));
        Assert.Throws<ArgumentOutOfRangeException>("levels", () => Glow.ForImages(Small with { Levels = 1 }));
        Assert.Contains("additive", Assert.Throws<ArgumentException>("map", () => Glow.ForImages(Small with { Additive = true }, new AffineMap())).Message);
        Assert.Throws<ArgumentOutOfRangeException>("features", () => Glow.Create(1));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => Glow.Create(2, steps: 0));

        var flow = Glow.ForImages(Small with { Classes = 3 });
        var classifier = new GlowClassifier(flow);
        var x = zeros(2, 1, 8, 8);
        Assert.Contains("0 to 2", Assert.Throws<ArgumentException>("labels", () => ClassPosterior.OneHot(tensor((long[])[0, 3]), 3)).Message);
        Assert.Contains("Classes", Assert.Throws<ArgumentException>("flow", () => new GlowClassifier(Glow.ForImages(Small))).Message);
        Assert.Throws<ArgumentException>("flow", () => new GlowClassifier(RealNvp.Create(2)));
        Assert.Contains("(B, 3)", Assert.Throws<ArgumentException>("classes", () => classifier.JointLoss(x, zeros(2, 4))).Message);
        Assert.Throws<ArgumentException>("classes", () => classifier.JointLoss(x, zeros(1, 3)));
        Assert.Throws<ArgumentException>("classes", () => classifier.JointLoss(zeros(0, 1, 8, 8), zeros(0, 3)));
        Assert.Throws<ArgumentException>("x", () => classifier.JointLoss(zeros(2, 1, 4, 4), zeros(2, 3)));
        Assert.Throws<ArgumentException>("x", () => classifier.Logits(zeros(2, 1, 4, 4)));
        Assert.Throws<ArgumentOutOfRangeException>("weight", () => classifier.JointLoss(x, zeros(2, 3), weight: -1));
    }

    private static MultiScale Stack(Flow flow) => (MultiScale)((Chain)flow.Transform)[^1];
}
