using FlowKit.Conditioners;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

/// <summary>A stretch of layers as one operation and the same layers one by one, in ordinary operations, are one function.</summary>
public class TileRunTests
{
    private const int Features = 5, ContextSize = 3;

    public static TheoryData<string> Stretches => [.. Makers.Keys];

    private static Dictionary<string, Func<Transform>> Makers => new()
    {
        ["affine coupling"] = () => Coupling.WithMlp([true, false, true, false, true], new AffineMap(MaxLogScale: 0.7), [12, 9]),
        ["arc tangent, tanh, context"] = () => Coupling.WithMlp([false, true, true, true, false], new AffineMap(2, ScaleBound.Arctangent), [70], ContextSize, Activation.Tanh),
        ["additive couplings"] = () => new Chain(Coupling.WithMlp(Masks.Half(Features, second: true), new AdditiveMap(), [8]), Coupling.WithMlp(Masks.Half(Features, second: false), new AdditiveMap(), [8], ContextSize)),
        ["splines"] = () => new Chain(Coupling.WithMlp(Masks.Half(Features, second: true), new RationalQuadraticMap(4), [20, 20]), Coupling.WithMlp(Masks.Half(Features, second: false), new RationalQuadraticMap(3), [8])),
        ["mixtures"] = () => Coupling.WithMlp(Masks.Half(Features, second: true), new LogisticMixtureMap(3), [20]),
        ["a linear conditioner"] = () => Coupling.WithMlp(Masks.Half(Features, second: true), new AffineMap(), []),
        ["autoregressive"] = () => new Chain(Autoregression(0), Permutation.Random(Features, seed: 1), Autoregression(1), new DiagonalScaling(Features)),
        ["autoregressive, context"] = () => new Chain(Autoregression(0, ContextSize), Permutation.Reverse(Features), new DiagonalScaling(Features), Autoregression(2, ContextSize)),
        ["inverted"] = () => new Chain(new InvertedTransform(Coupling.WithMlp(Masks.Half(Features, second: true), new AffineMap(), [7])), Permutation.Random(Features, seed: 2), Started(new ActNorm(Features)), Autoregression(1)),
        ["with a layer that has no steps"] = () => new Chain(Autoregression(0), Permutation.Random(Features, seed: 1), new LuLinear(Features), new DiagonalScaling(Features), Autoregression(1, ContextSize)),
    };

    [Theory, MemberData(nameof(Stretches))]
    public void Values_and_every_gradient_are_those_of_ordinary_operations(string name)
    {
        var f = Made(name, float64);
        foreach (long batch in (long[])[1, 64, 150])
            foreach (bool backwards in (bool[])[false, true])
                foreach (var (ofY, ofLogDet) in ((double, double)[])[(1, 1), (1, 0), (0, 1)])
                {
                    var (tiles, ordinary) = (Run(), Ordinarily(f, Run));
                    Assert.InRange(tiles.Zip(ordinary).Max(pair => Distance(pair.First, pair.Second) / (1 + pair.Second.abs().max().ToDouble())), 0, 1e-11);

                    List<Tensor> Run()
                    {
                        var (x, c) = Data(f, batch, float64);
                        f.zero_grad();
                        var (y, logDet) = backwards ? f.Inverse(x, c) : f.Forward(x, c);
                        var loss = ofY * y.sin().sum() + ofLogDet * logDet.cosh().sum() + 0 * x.sum();
                        loss.backward();
                        return [y, logDet, x.grad!, .. c is null ? Array.Empty<Tensor>() : [c.grad ?? zeros_like(c)], .. f.parameters().Select(p => p.grad?.clone() ?? zeros_like(p))];
                    }
                }
    }

    [Fact]
    public void A_batch_that_is_gone_back_over_in_parts_has_the_gradients_of_the_whole()
    {
        var f = Made("affine coupling", float64);
        Assert.InRange(Run().Zip(Ordinarily(f, Run)).Max(pair => Distance(pair.First, pair.Second) / (1 + pair.Second.abs().max().ToDouble())), 0, 1e-11);

        List<Tensor> Run()
        {
            var (x, c) = Data(f, 150_001, float64);
            f.zero_grad();
            var (y, logDet) = f.Forward(x, c);
            (y.sin().sum() + logDet.cosh().sum()).backward();
            return [x.grad!, .. f.parameters().Select(p => p.grad!.clone())];
        }
    }

    [Theory, MemberData(nameof(Stretches))]
    public void Second_derivatives_are_those_of_ordinary_operations(string name)
    {
        var f = Made(name, float64);
        Assert.InRange(Run().Zip(Ordinarily(f, Run)).Max(pair => Distance(pair.First, pair.Second) / (1 + pair.Second.abs().max().ToDouble())), 0, 1e-9);

        List<Tensor> Run()
        {
            var (x, c) = Data(f, 9, float64);
            f.zero_grad();
            var (y, logDet) = f.Forward(x, c);
            var slope = autograd.grad([y.sin().sum() + logDet.cosh().sum()], [x], retain_graph: true, create_graph: true)[0];
            slope.square().sum().backward();
            return [slope, x.grad!, .. c is null ? Array.Empty<Tensor>() : [c.grad ?? zeros_like(c)], .. f.parameters().Select(p => p.grad?.clone() ?? zeros_like(p))];
        }
    }

    [Theory, MemberData(nameof(Stretches))]
    public void Results_and_gradients_are_the_same_bit_by_bit_with_one_thread_and_with_two(string name)
    {
        var f = Made(name, float32);
        int before = FlowKit.Runtime.Threads;
        try
        {
            foreach (long batch in (long[])[65, 1000])
            {
                FlowKit.Runtime.Threads = 1;
                var one = Run(batch);
                FlowKit.Runtime.Threads = 2;
                Assert.All(one.Zip(Run(batch)), pair => Assert.True(pair.First.eq(pair.Second).all().ToBoolean()));
            }
        }
        finally
        {
            FlowKit.Runtime.Threads = before;
        }

        List<Tensor> Run(long batch)
        {
            var (x, c) = Data(f, batch, float32);
            f.zero_grad();
            var (y, logDet) = f.Forward(x, c);
            (y.sum() - logDet.sum()).backward();
            using var none = no_grad();
            var (plain, _) = f.Forward(x, c);
            // The linear layer between is libtorch's, which promises no such thing.
            return name == "with a layer that has no steps" ? [] : [y, logDet, plain, x.grad!, .. f.parameters().Select(p => p.grad?.clone() ?? zeros_like(p))];
        }
    }

    [Fact]
    public void A_weight_changed_between_forward_and_backward_gives_NaN_gradients_and_not_the_end_of_the_process()
    {
        var f = Made("affine coupling", float64);
        var (x, _) = Data(f, 5, float64);
        var loss = f.Forward(x).Z.sum();
        using (no_grad())
            foreach (var parameter in f.parameters()) parameter.add_(1);
        loss.backward();
        Assert.True(x.grad!.isnan().all().ToBoolean());
        Assert.All(f.parameters(), parameter => Assert.True(parameter.grad!.isnan().all().ToBoolean()));
    }

    [Fact]
    public void A_frozen_layer_stays_and_the_others_learn()
    {
        var chain = (Chain)Made("additive couplings", float64);
        foreach (var parameter in chain[0].parameters()) parameter.requires_grad_(false);
        var (x, c) = Data(chain, 20, float64);
        chain.Forward(x, c).Z.sin().sum().backward();
        Assert.All(chain[0].parameters(), parameter => Assert.Null(parameter.grad));
        Assert.All(chain[1].parameters(), parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
    }

    [Fact]
    public void A_training_that_receives_gradients_in_its_own_memory_takes_the_steps_of_one_that_does_not()
    {
        var data = randn(256, 3, dtype: float64);
        var (received, handed) = (Trained(through: false), Trained(through: true));
        Assert.InRange(received.Zip(handed).Max(pair => Distance(pair.First, pair.Second)), 0, 1e-10);

        // A penalty that reads a gradient inside of the loss, and a second use of the flow in it, go through the same sink.
        List<Tensor> Trained(bool through)
        {
            manual_seed(3);
            var flow = RealNvp.Create(3, layers: 3, hidden: [16]);
            flow.to(float64);
            using var trace = through ? new FiniteTrace(flow) : null;         // ordinary operations
            Trainer.Fit(flow, _ =>
            {
                var x = data[..32].detach().requires_grad_();
                var logProb = flow.LogProb(x);
                var score = autograd.grad([logProb.sum()], [x], create_graph: true, retain_graph: true)[0];
                return score.square().mean() * 0.1 - logProb.mean() - flow.LogProb(data[32..]).mean();
            }, new() { Steps = 20, LearningRate = 1e-2, Threads = 1, Accumulate = 2 });
            return [.. flow.parameters().Select(parameter => parameter.detach().clone())];
        }
    }

    [Fact]
    public void A_layer_that_stands_twice_in_a_chain_gets_the_gradients_of_both_places_with_two_threads()
    {
        manual_seed(1);
        var coupling = Coupling.WithMlp(Masks.Half(Features, second: true), new AffineMap(), [64, 64]);
        using (no_grad())
            foreach (var parameter in coupling.parameters()) parameter.copy_(randn_like(parameter) * 0.2);
        var chain = new Chain(coupling, Permutation.Reverse(Features), coupling);
        var x = randn(2000, Features);
        Tensor Loss()
        {
            var (z, logDet) = chain.Forward(x);
            return z.square().mean() - logDet.mean();
        }
        int before = FlowKit.Runtime.Threads;
        try
        {
            FlowKit.Runtime.Threads = 2;
            Loss().backward();
            Tensor[] truth = [.. coupling.parameters().Select(parameter => parameter.grad!.clone())];
            foreach (var (_, parameter) in coupling.named_parameters()) parameter.grad = null;
            using var optimizer = new FusedOptimizer(coupling.named_parameters(), Optimizer.Sgd());
            Tensor[] start = [.. coupling.parameters().Select(parameter => parameter.detach().clone())];
            optimizer.Clear();
            optimizer.Backward(Loss());
            optimizer.Step(rate: 1, clip: double.PositiveInfinity);
            Assert.All(coupling.parameters().Zip(start, truth), one => Assert.InRange(Distance(one.Second - one.First.detach(), one.Third), 0, 1e-5 * (1 + one.Third.abs().max().ToDouble())));
        }
        finally
        {
            FlowKit.Runtime.Threads = before;
        }
    }

    [Fact]
    public void A_parameter_that_is_frozen_amid_a_training_stays()
    {
        var flow = RealNvp.Create(2, layers: 2, hidden: [8]);
        var frozen = flow.parameters().First();
        Tensor? then = null;
        Trainer.Fit(flow, () => -flow.LogProb(randn(64, 2)).mean(), new()
        {
            Steps = 6,
            LearningRate = 1e-2,
            AfterStep = point =>
            {
                if (point.Step != 3) return;
                frozen.requires_grad_(false);
                then = frozen.detach().clone().DetachFromDisposeScope();
            },
        });
        Assert.True(frozen.eq(then!).all().ToBoolean());
        Assert.False(flow.parameters().Last().eq(0).all().ToBoolean());
    }

    [Fact]
    public void What_pads_the_last_tile_cannot_spoil_the_gradients_of_the_weights()
    {
        // At the data the middle layer gives 1e304; at 0, far from them, it overflows.
        var chain = new Chain(new ActNorm(1), new DiagonalScaling(1), new DiagonalScaling(1));
        chain.to(float64);
        var x = 1e5 + 1e-3 * randn(70, 1, dtype: float64);
        chain[0].Forward(x);
        using (no_grad())
            foreach (int k in (int[])[1, 2]) chain[k].parameters().Single().fill_(k == 1 ? 700 : -700);
        chain.Forward(x).Z.square().sum().backward();
        Assert.All(chain.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().ToBoolean()));
        Assert.False(chain.Forward(zeros(1, 1, dtype: float64)).Z.isfinite().all().ToBoolean());
    }

    private static MaskedAutoregressive Autoregression(int seed, Shape? context = null) =>
        new(seed == 1 ? new RationalQuadraticMap(4) : new AffineMap(), new Made(Features, seed == 1 ? new RationalQuadraticMap(4).ParameterCount : 2, [33, 20], context, Orders.Random(Features, seed), degreeSeed: seed == 2 ? 4 : null));

    private static ActNorm Started(ActNorm norm)
    {
        norm.Forward(randn(100, Features));
        return norm;
    }

    private static Transform Made(string name, ScalarType dtype)
    {
        manual_seed(1);
        var f = Makers[name]();
        f.to(dtype);
        using var none = no_grad();
        foreach (var parameter in f.parameters()) parameter.copy_(randn_like(parameter) * 0.4);
        return f;
    }

    private static (Tensor X, Tensor? Context) Data(Transform f, long batch, ScalarType dtype)
    {
        manual_seed(3);
        return (randn(batch, Features, dtype: dtype).requires_grad_(), f.ContextShape is null ? null : randn(batch, ContextSize, dtype: dtype).requires_grad_());
    }

    // While something looks for the first number that is not finite, every layer is run for itself.
    private static List<Tensor> Ordinarily(Transform f, Func<List<Tensor>> run)
    {
        using var trace = new FiniteTrace(f);
        return run();
    }
}
