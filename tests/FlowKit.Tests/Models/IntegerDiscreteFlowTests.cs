using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class IntegerDiscreteFlowTests
{
    private static readonly IntegerFlowSizes Small = new(1, 8, 8) { Couplings = 3, Depth = 2, Maps = 16, Levels = 17, PriorComponents = 2 };

    [Theory]
    [InlineData(20)]
    [InlineData(1_000_000_000)]
    [InlineData(1L << 50)]
    public void Integers_of_any_size_and_sign_come_back_exactly(long size)
    {
        using var scope = NewDisposeScope();
        var flow = Moved(Small);
        var x = randint(-size, size, [50, 1, 8, 8], dtype: int64);
        var latents = IntegerDiscreteFlow.Latents(flow, x);
        Assert.True(IntegerDiscreteFlow.Data(flow, latents).to(int64).eq(x).all().ToBoolean());
        Assert.All(latents, latent => Assert.True(latent.eq(latent.round()).all().ToBoolean()));
        Assert.False(latents[^1].eq(flow.Transform.Forward(x.flip(0)).Z).all().ToBoolean());
    }

    [Fact]
    public void Every_image_of_a_test_set_comes_back_exactly_in_float32()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flow = Moved(Small);
        var x = Digits.Split().Test.Images.reshape(-1, 1, 8, 8);
        var latents = IntegerDiscreteFlow.Latents(flow, x);
        Assert.Equal(float32, latents[0].dtype);
        Assert.True(IntegerDiscreteFlow.Data(flow, latents).eq(x).all().ToBoolean());
        Assert.True(flow.LogProb(x).isfinite().all().ToBoolean());
    }

    [Fact]
    public void Its_log_probability_is_that_of_its_latents()
    {
        using var scope = NewDisposeScope();
        var flow = Moved(Small with { Height = 16, Width = 16, Scales = 3 });
        flow.to(float64);
        var x = randint(0, 17, [6, 1, 16, 16]);
        var latents = IntegerDiscreteFlow.Latents(flow, x);
        Assert.Equal([[6L, 2, 8, 8], [6L, 4, 4, 4], [6L, 16, 2, 2]], latents.Select(latent => latent.shape));

        // y_l given what the scales after it make their latents from, eq. 12 of the paper.
        var (logP, h) = (flow.Base.LogProb(latents[^1]), x);
        int l = 0;
        foreach (var layer in (Chain)flow.Transform)
        {
            if (layer is FactorOut { Prior: Conditional prior } factor)
            {
                var kept = h.narrow(1, 0, factor.LatentShape[0]);
                logP = logP + prior.LogProb(latents[l++], (kept - 8) / 4);
                h = kept;
            }
            else h = layer.Forward(h).Z;
        }
        Assert.Equal(2, l);
        Assert.InRange(Distance(flow.LogProb(x), logP), 0, 1e-9);
        Assert.InRange(Distance(flow.LogProb(x.to(float64)), logP), 0, 1e-9);
        Assert.All(flow.LogProb(x.to(float64) + 0.5).data<double>().ToArray(), logProb => Assert.Equal(double.NegativeInfinity, logProb));
    }

    [Theory]
    [InlineData(0, 1, 1e-12)]
    [InlineData(-7.3, 0.05, 1e-12)]
    [InlineData(123.4, 25, 1e-12)]
    public void A_discretized_logistic_sums_to_one_over_four_hundred_scales(double mu, double s, double tolerance)
    {
        using var scope = NewDisposeScope();
        long reach = (long)Math.Ceiling(200 * s) + 2, middle = (long)Math.Round(mu);
        var k = arange(middle - reach, middle + reach + 1, dtype: float64).unsqueeze(1);
        var law = Law(mu, s);
        Assert.InRange(law.LogProb(k).exp().sum().ToDouble(), 1 - tolerance, 1 + tolerance);
    }

    // log(sig(a) - sig(b)) = log sig(a) + log sig(-b) + log(1 - e^(b - a)): against the difference where that has digits, and against the logistic density where s is large.
    [Fact]
    public void The_logarithm_of_a_mass_loses_no_digits_to_cancellation()
    {
        using var scope = NewDisposeScope();
        var k = tensor([-3.0, -1, 0, 1, 2]).unsqueeze(1);
        var law = Law(0.3, 0.7);
        double[] naive = [.. new[] { -3.0, -1, 0, 1, 2 }.Select(at => Math.Log(Sigmoid((at + 0.5 - 0.3) / 0.7) - Sigmoid((at - 0.5 - 0.3) / 0.7)))];
        Assert.InRange(Distance(law.LogProb(k), tensor(naive)), 0, 1e-12);

        var far = Law(0, 1);
        Assert.Equal(-1000 + 0.5 + Math.Log(1 - Math.Exp(-1)), far.LogProb(tensor([1000.0]).unsqueeze(1)).ToDouble(), 1e-9);     // e^-1000: the difference is 0 - 0
        var wide = Law(0, 1e12);
        Assert.Equal(-Math.Log(4e12), wide.LogProb(zeros(1, 1, dtype: float64)).ToDouble(), 1e-9);

        static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
    }

    [Fact]
    public void The_mass_on_a_grid_of_16x16_is_below_one_and_the_rest_lies_around_it()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        manual_seed(2);
        var flow = Shaken(IntegerDiscreteFlow.Create(2, hidden: [8], levels: 16), 0.2);
        double grid = Mass(0, 15), all = Mass(-500, 500);
        Assert.InRange(grid, 0.1, 0.999);                                     // the logistics reach beyond the grid: a leak that no bijection of Z^2 closes
        Assert.Equal(1, all, 1e-9);

        double Mass(long low, long high)
        {
            var line = arange(low, high + 1, dtype: float64);
            var at = meshgrid([line, line], indexing: "ij");
            return flow.LogProb(stack([at[0].flatten(), at[1].flatten()], dim: 1)).exp().sum().ToDouble();
        }
    }

    [Fact]
    public void Every_permutation_has_its_inverse_and_none_leaves_the_channels_as_they_are()
    {
        using var scope = NewDisposeScope();
        var permutations = IntegerDiscreteFlow.ForImages(Small).modules().OfType<Permutation>().ToList();
        Assert.Equal(6, permutations.Count);
        Assert.All(permutations, one =>
        {
            var x = arange(one.Order.Count).unsqueeze(0);
            Assert.Equal(one.Order, one.Forward(x).Z.data<long>().ToArray());
            Assert.True(one.Inverse(one.Forward(x).Z).X.eq(x).all().ToBoolean());
            Assert.False(one.Forward(x).Z.eq(x).all().ToBoolean());
        });
        Assert.True(permutations.Select(one => string.Join(' ', one.Order)).Distinct().Count() > 3);
        Assert.Equal(
            Orders(IntegerDiscreteFlow.ForImages(Small)), Orders(IntegerDiscreteFlow.ForImages(Small)));
        Assert.NotEqual(Orders(IntegerDiscreteFlow.ForImages(Small)), Orders(IntegerDiscreteFlow.ForImages(Small with { Seed = 1 })));

        static IEnumerable<long> Orders(Flow flow) => [.. flow.modules().OfType<Permutation>().SelectMany(one => one.Order)];
    }

    [Fact]
    public void Rounding_passes_the_gradient_of_the_unrounded_shift()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var coupling = Shaken(Coupling.WithMlp(Masks.LastQuarter(4), new IntegerShiftMap(Unit: 8, Gain: 0.5), [8]), 0.5);
        var x = randint(-9, 9, [5, 4], dtype: float64).requires_grad_();
        var weights = randn(5, 4, dtype: float64);
        var z = coupling.Forward(x).Z;
        Assert.True(z.eq(z.round()).all().ToBoolean());
        (z * weights).sum().backward();
        var straight = coupling.parameters().Select(parameter => parameter.grad!.clone()).Append(x.grad!.clone()).ToArray();

        coupling.zero_grad();
        x.grad = null;
        var smooth = x.narrow(1, 3, 1) + 4 * coupling.Conditioner.Forward(x.narrow(1, 0, 3) / 8, null);
        (cat([x.narrow(1, 0, 3), smooth], dim: 1) * weights).sum().backward();
        Assert.All(coupling.parameters().Select(parameter => parameter.grad!).Append(x.grad!).Zip(straight), pair => Assert.InRange(Distance(pair.First, pair.Second), 0, 1e-12));
    }

    [Fact]
    public void It_starts_as_a_permutation_of_the_image()
    {
        using var scope = NewDisposeScope();
        var x = randint(0, 17, [4, 1, 8, 8], dtype: float32);
        var latents = IntegerDiscreteFlow.Latents(IntegerDiscreteFlow.ForImages(Small), x);
        Assert.Equal(Sorted(x), Sorted(cat([.. latents.Select(latent => latent.flatten(1))], dim: 1)));

        static float[] Sorted(Tensor x) => x.flatten(1).sort(dim: 1).Values.data<float>().ToArray();
    }

    [Fact]
    public void A_latent_that_is_missing_is_replaced_by_the_medians_of_its_law()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flow = Moved(Small with { PriorComponents = 1 });
        var x = randint(0, 17, [4, 1, 8, 8], dtype: float32);
        var latents = IntegerDiscreteFlow.Latents(flow, x);
        var image = IntegerDiscreteFlow.Data(flow, [null, latents[1]]);
        var guessed = IntegerDiscreteFlow.Latents(flow, image);
        Assert.Equal(0, Distance(guessed[1], latents[1]));

        var factor = flow.modules().OfType<FactorOut>().Single();
        var prior = (Conditional)factor.Prior;
        var kept = ((Chain)flow.Transform)[^1].Inverse(latents[1]).X;
        var mu = prior.Conditioner.Forward((kept - 8) / 4, null).narrow(1, 0, 2) * 4 + 8;     // of one logistic the median is the mean, rounded
        Assert.InRange(Distance(guessed[0], mu), 0, 0.5 + 1e-4);
    }

    // With one component each, the constants are moments of the latents: of the base's own elements, and of what regression on the kept channels leaves.
    [Fact]
    public void Laws_that_start_from_data_have_the_moments_of_the_latents()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flow = Moved(Small with { Components = 1, PriorComponents = 1 });
        flow.to(float64);
        var x = Digits.Split().Train.Images.reshape(-1, 1, 8, 8);
        IntegerDiscreteFlow.UseStatisticsOf(flow, x);
        var latents = IntegerDiscreteFlow.Latents(flow, x.to(float64));

        var constants = flow.Base.parameters().Single();                     // (2, C, H, W)
        Assert.InRange(Distance(constants[0] * 4 + 8, latents[1].mean([0])), 0, 1e-12);
        Assert.InRange(Distance((constants[1].exp() * 4).square(), Squares(latents[1].var(0, unbiased: false))), 0, 1e-12);

        var factor = flow.modules().OfType<FactorOut>().Single();
        var kept = Positions(((Chain)flow.Transform)[^1].Inverse(latents[1]).X);
        var theta = ((Conditional)factor.Prior).Conditioner.Forward((((Chain)flow.Transform)[^1].Inverse(latents[1]).X - 8) / 4, null);
        var rest = Positions(latents[0]) - (Positions(theta.narrow(1, 0, 2)) * 4 + 8);
        Assert.InRange(rest.mean([0]).abs().max().ToDouble(), 0, 1e-5);      // the normal equations of least squares, up to the ridge
        Assert.InRange((kept - kept.mean([0])).transpose(0, 1).mm(rest).abs().max().ToDouble() / kept.size(0), 0, 1e-4);
        Assert.InRange(Distance((Positions(theta.narrow(1, 2, 2)).exp() * 4).square()[0], Squares(rest.var(0, unbiased: false))), 0, 1e-9);
        Assert.InRange(rest.square().mean().ToDouble() / Positions(latents[0]).var(0, unbiased: false).mean().ToDouble(), 0.1, 0.95);

        static Tensor Squares(Tensor variance) => variance.clamp_min(1 / 12.0) * (3 / (Math.PI * Math.PI));
        static Tensor Positions(Tensor image) => image.flatten(2).transpose(1, 2).flatten(0, 1);
    }

    [Fact]
    public void A_network_without_a_way_for_its_inputs_starts_at_the_moments_alone()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        manual_seed(1);
        var logistic = new DiscretizedLogistic { Middle = 3, Unit = 2 };
        var flow = new Flow(new Chain(new FactorOut([4], (kept, leaving) => Shaken(logistic.Conditional(kept, (i, o) => new Mlp(i, o, [8]), leaving), 1))), logistic.Learned(2));
        flow.to(float64);
        var x = randint(-20, 40, [500, 4], dtype: float64);
        IntegerDiscreteFlow.UseStatisticsOf(flow, x);
        var independent = logistic.Fixed(x.mean([0]), x.var(0, unbiased: false).sqrt() * (Math.Sqrt(3) / Math.PI));
        independent.to(float64);
        Assert.InRange(Distance(flow.LogProb(x), independent.LogProb(x)), 0, 1e-9);
    }

    [Fact]
    public void Components_that_start_from_data_are_apart_even_where_a_pixel_never_changes()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flow = IntegerDiscreteFlow.ForImages(Small with { Scales = 1, Couplings = 0, Components = 4 });
        flow.to(float64);
        var x = randint(0, 17, [300, 1, 8, 8], dtype: float64);
        x[TensorIndex.Colon, 0, 0, 0] = tensor(0.0);
        IntegerDiscreteFlow.UseStatisticsOf(flow, x);
        var theta = flow.Base.parameters().Single();                          // (12, C, H, W): weights, locations and log-scales of four
        Assert.Equal(0, theta.narrow(0, 0, 4).abs().max().ToDouble());
        var spread = tensor([-1.5, -0.5, 0.5, 1.5], dtype: float64).view(4, 1, 1, 1);
        var locations = (theta.narrow(0, 4, 4) + spread) * 4 + 8;
        Assert.True(locations.diff(dim: 0).ge(0).all().ToBoolean());
        Assert.True(theta.narrow(0, 8, 4)[TensorIndex.Colon, 0, 0, 0].diff().abs().gt(0.2).all().ToBoolean());
        var ordered = IntegerDiscreteFlow.Latents(flow, x)[0].sort(dim: 0).Values;
        Assert.All(Enumerable.Range(0, 4), k => Assert.InRange(Distance(locations[k], ordered.narrow(0, 75 * k, 75).mean([0])), 0, 1e-9));
    }

    [Fact]
    public void A_start_from_data_shortens_the_code_of_images_not_seen()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (train, _, test) = Digits.Split();
        var flow = IntegerDiscreteFlow.ForImages(IntegerFlowSizes.Digits with { Couplings = 1, Maps = 16 });
        double before = Bits();
        IntegerDiscreteFlow.UseStatisticsOf(flow, train.Images.reshape(-1, 1, 8, 8));
        double after = Bits(), independent = Baselines.Histogram(train.Images, test.Images, Digits.Levels).InBitsPerDimension(64).Mean;
        Assert.InRange(after, independent, before - 1.5);

        double Bits() => Trainer.NegativeLogLikelihood(flow, test.Images.reshape(-1, 1, 8, 8)).InBitsPerDimension(64).Mean;
    }

    [Fact]
    public void Of_many_images_some_at_equal_distances_start_the_laws()
    {
        using var scope = NewDisposeScope();
        var x = randint(0, 17, [5000, 4], dtype: int64);
        Assert.Equal(Start(x.index_select(0, arange(0, 5000, 2))), Start(x));
        Assert.NotEqual(Start(x.narrow(0, 0, 2500)), Start(x));

        static float[] Start(Tensor x)
        {
            var flow = IntegerDiscreteFlow.Create(4, couplings: 1, levels: 17);
            IntegerDiscreteFlow.UseStatisticsOf(flow, x);
            return flow.Base.parameters().Single().data<float>().ToArray();
        }
    }

    [Theory]
    [InlineData("CIFAR-10", 3, 32, 3)]
    [InlineData("ImageNet32", 3, 32, 3)]
    [InlineData("ImageNet64", 3, 64, 4)]
    public void The_papers_models_have_the_papers_sizes(string name, int channels, int side, int scales)
    {
        var sizes = name switch { "CIFAR-10" => IntegerFlowSizes.Cifar10, "ImageNet32" => IntegerFlowSizes.ImageNet32, _ => IntegerFlowSizes.ImageNet64 };
        Assert.Equal((channels, side, side, scales, 8, 12, 512, 5, 1, 256), (sizes.Channels, sizes.Height, sizes.Width, sizes.Scales, sizes.Couplings, sizes.Depth, sizes.Maps, sizes.Components, sizes.PriorComponents, sizes.Levels));
        Assert.Equal((128, 64), (sizes.Middle, sizes.Unit));

        using var scope = NewDisposeScope();
        var flow = IntegerDiscreteFlow.ForImages(sizes with { Maps = 24 });  // the same layers with small networks
        Assert.Equal(scales * 8, flow.modules().OfType<Coupling>().Count());
        Assert.All(flow.modules().OfType<Coupling>(), coupling => Assert.Equal(coupling.Mask.Count, 4 * coupling.Mask.Count(mapped => mapped)));
        Assert.All(flow.modules().OfType<DenseNet>(), net => Assert.Equal((12, Activation.ReLU), (net.Wide.Count, net.Activation)));
        Assert.Equal([1L], flow.LogProb(randint(0, 256, [1, 3, side, side])).shape);
    }

    [Fact]
    public void A_network_of_the_paper_ends_with_its_number_of_maps()
    {
        using var scope = NewDisposeScope();
        var net = IntegerDiscreteFlow.ForImages(new(3, 4, 4) { Scales = 1, Couplings = 1, Depth = 12, Maps = 512 }).modules().OfType<DenseNet>().Single();
        Assert.InRange(net.Last.weight!.size(1), 512 - 12, 512);
    }

    [Fact]
    public void It_learns_that_two_numbers_agree()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var first = randint(0, 16, [2000, 1], dtype: float32);
        var x = cat([first, first], dim: 1);
        double with = Nll(couplings: 2), without = Nll(couplings: 0);
        Assert.InRange(without, 2 * Math.Log(16) - 0.01, 2 * Math.Log(16) + 1);          // independent elements: 2 H
        Assert.InRange(with, Math.Log(16), Math.Log(16) + 1);                            // the truth is H = ln 16

        double Nll(int couplings)
        {
            manual_seed(1);
            var flow = IntegerDiscreteFlow.Create(2, couplings, [16], levels: 16);
            Trainer.Fit(flow, x, options: new() { Steps = 400, LearningRate = 1e-2, Threads = 1 });
            return Trainer.NegativeLogLikelihood(flow, x).Mean;
        }
    }

    [Fact]
    public void Whole_numbers_of_any_kind_train_the_couplings()
    {
        using var scope = NewDisposeScope();
        var flow = Moved(Small);
        flow.LogProb(randint(0, 17, [4, 1, 8, 8], dtype: int64)).sum().backward();
        Assert.All(flow.modules().OfType<Coupling>().SelectMany(coupling => coupling.parameters()), parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Assert.Contains("multiples of 4", Assert.Throws<ArgumentException>("Height", () => IntegerDiscreteFlow.ForImages(new(1, 14, 16))).Message);
        Assert.Throws<ArgumentOutOfRangeException>("Couplings", () => IntegerDiscreteFlow.ForImages(Small with { Couplings = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>("Levels", () => IntegerDiscreteFlow.ForImages(Small with { Levels = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>("Scales", () => IntegerDiscreteFlow.ForImages(Small with { Scales = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => IntegerDiscreteFlow.Create(1));
        Assert.Throws<ArgumentOutOfRangeException>("Unit", () => new IntegerShiftMap(Unit: 0));
        Assert.Throws<ArgumentOutOfRangeException>("Gain", () => new IntegerShiftMap(Gain: 0));
        Assert.Throws<ArgumentOutOfRangeException>("Middle", () => new IntegerShiftMap(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("Unit", () => new DiscretizedLogistic { Unit = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("Middle", () => new DiscretizedLogistic { Middle = double.PositiveInfinity });

        using var scope = NewDisposeScope();
        var flow = IntegerDiscreteFlow.ForImages(Small);
        var latents = IntegerDiscreteFlow.Latents(flow, zeros(2, 1, 8, 8));
        Assert.Contains("(2, 8, 8)", Assert.Throws<ArgumentException>("x", () => flow.LogProb(zeros(2, 8, 8))).Message);
        Assert.Throws<ArgumentException>("x", () => IntegerDiscreteFlow.Latents(flow, zeros(2, 1, 4, 4)));
        Assert.Contains("2 latents", Assert.Throws<ArgumentException>("latents", () => IntegerDiscreteFlow.Data(flow, [latents[0]])).Message);
        Assert.Contains("null", Assert.Throws<ArgumentException>("latents", () => IntegerDiscreteFlow.Data(flow, [latents[0], null])).Message);
        Assert.Throws<ArgumentException>("latents", () => IntegerDiscreteFlow.Data(flow, [latents[1], latents[1]]));
        Assert.Contains("rows", Assert.Throws<ArgumentException>("latents", () => IntegerDiscreteFlow.Data(flow, [latents[0].narrow(0, 0, 1), latents[1]])).Message);
        Assert.Throws<ArgumentException>("x", () => IntegerDiscreteFlow.UseStatisticsOf(flow, zeros(2, 8, 8)));
        Assert.Contains("empty", Assert.Throws<ArgumentException>("x", () => IntegerDiscreteFlow.UseStatisticsOf(flow, zeros(0, 1, 8, 8))).Message);
        Assert.Contains("StandardNormal", Assert.Throws<NotSupportedException>(() => IntegerDiscreteFlow.UseStatisticsOf(new Flow(new Chain(Permutation.Reverse(2)), new StandardNormal(2)), zeros(1, 2))).Message);
        Assert.Contains("GatedConvNet", Assert.Throws<NotSupportedException>(() => IntegerDiscreteFlow.UseStatisticsOf(
            new Flow(MultiScale.Factored([1, 4, 4], [new Squeeze(1, 4, 4), new Permutation(1, 0)], (kept, leaving) => new DiscretizedLogistic().Conditional(kept, (i, o) => new GatedConvNet(i, o, 4, 1), leaving)),
                new DiscretizedLogistic().Learned(2, 2, 2)), zeros(1, 1, 4, 4))).Message);
        Assert.Contains("17 levels", Assert.Throws<NotSupportedException>(() => IntegerDiscreteFlow.UseStatisticsOf(new Flow(new Chain(Permutation.Reverse(2)), new DiscretizedLogistic(17).Learned(2)), zeros(1, 2))).Message);
        Assert.Contains("chain", Assert.Throws<ArgumentException>("flow", () => IntegerDiscreteFlow.Latents(new Flow(Permutation.Reverse(2), new StandardNormal(2)), zeros(1, 2))).Message);
    }

    private static Factorized Law(double mu, double s) => new DiscretizedLogistic().Fixed(tensor([mu]), tensor([s])).to(float64);

    // With networks that shift by several units.
    private static Flow Moved(IntegerFlowSizes sizes)
    {
        manual_seed(3);
        var flow = IntegerDiscreteFlow.ForImages(sizes);
        using (no_grad())
            foreach (var parameter in flow.parameters()) parameter.add_(randn_like(parameter) * 0.1);
        flow.eval();
        return flow;
    }
}
