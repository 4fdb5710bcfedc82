using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class DiscreteTests
{
    public static TheoryData<string, long, int> Flows => new()
    {
        { "xor", 2, 2 }, { "bipartite, K = 5", 5, 5 }, { "bipartite with scale, K = 10", 5, 10 }, { "bipartite with scale, K = 91", 2, 91 },
        { "autoregressive with scale, K = 6", 4, 6 }, { "autoregressive over windows, K = 4", 6, 4 },
    };

    [Fact]
    public void Every_unit_times_its_inverse_is_one_up_to_64_classes()
    {
        for (int classes = 2; classes <= 64; classes++)
        {
            int[] units = [.. Enumerable.Range(1, classes - 1).Where(a => Enumerable.Range(2, a).All(d => a % d != 0 || classes % d != 0))];
            Assert.Equal(units, Modulo.Units(classes));
            foreach (int a in units)
            {
                int inverse = Modulo.Inverse(a, classes);
                Assert.InRange(inverse, 1, classes - 1);
                Assert.Equal(1, a * inverse % classes);
                Assert.Equal(inverse, Modulo.Inverse(a - 3 * classes, classes));
            }
            foreach (int a in Enumerable.Range(0, classes).Except(units)) Assert.Throws<ArgumentException>("a", () => Modulo.Inverse(a, classes));
        }
        Assert.Equal(Enumerable.Range(1, 90).Where(a => a % 7 != 0 && a % 13 != 0), Modulo.Units(91));
    }

    [Theory, MemberData(nameof(Flows))]
    public void Forward_and_inverse_are_the_identity_on_the_whole_support(string name, long features, int classes)
    {
        var f = Make(name, features, classes);
        var support = new FiniteSupport(features, classes);
        using var none = no_grad();
        for (long first = 0; first < support.Count; first += 5000)
        {
            using var scope = NewDisposeScope();
            var x = support.States(first, Math.Min(5000, support.Count - first)).to(float64);
            var z = f.Transform.Forward(x).Z;
            Assert.Equal(0, Distance(f.Transform.Inverse(z).X, x));
            var code = nn.functional.one_hot(x.to(int64), classes).to(float64);
            Assert.Equal(0, Distance(f.Transform.Forward(f.Transform.Inverse(code).X).Z, code));
        }
    }

    [Theory, MemberData(nameof(Flows))]
    public void The_probabilities_of_the_support_sum_to_one(string name, long features, int classes) =>
        Assert.Equal(1, new FiniteSupport(features, classes).LogProbs(Make(name, features, classes)).exp().sum().ToDouble(), 1e-12);

    [Theory, MemberData(nameof(Flows))]
    public void A_flow_only_permutes_the_probabilities_of_its_base(string name, long features, int classes)
    {
        var f = Make(name, features, classes);
        var support = new FiniteSupport(features, classes);
        var (seen, own) = (support.LogProbs(f), support.LogProbs(new Flow(new OneHot(features, classes), f.Base)));
        Assert.InRange(Distance(seen.exp().sort(0).Values, own.exp().sort(0).Values), 0, 1e-12);
        Assert.True(Distance(seen, own) > 0.1, "The flow moved nothing.");
    }

    [Fact]
    public void A_location_scale_layer_is_the_formula_of_the_paper()
    {
        const int classes = 10;
        var map = new ModuloMap(classes, HasScale: true);
        foreach (int sigma in Modulo.Units(classes))
        {
            for (int mu = 0; mu < classes; mu++)
            {
                var z = nn.functional.one_hot(arange(classes), classes).to(float64).unsqueeze(1);
                var theta = stack([Code(mu, classes), Code(sigma, classes)], 1).expand(classes, 2, 1, classes);
                var x = map.Inverse(z, theta).X.argmax(-1).flatten().data<long>().ToArray();
                Assert.Equal(Enumerable.Range(0, classes).Select(k => (long)((mu + sigma * k) % classes)), x);
            }
        }
    }

    [Fact]
    public void With_two_classes_and_the_first_as_location_it_is_the_exclusive_or()
    {
        var coupling = new Coupling([false, true], new ModuloMap(2), (i, o) => new OneHotNet(i, o, 2, (i, o) => new Mlp(i, o, [])));
        using (no_grad()) coupling.parameters().Single(parameter => parameter.Dimensions == 2).copy_(eye(2));
        var x = new FiniteSupport(2, 2).States();
        var z = coupling.Forward(nn.functional.one_hot(x, 2).to(float32)).Z.argmax(-1);
        Assert.Equal(0, Distance(z, tensor(new long[] { 0, 0, 0, 1, 1, 1, 1, 0 }, [4, 2])));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Location_and_scale_of_an_autoregressive_layer_read_earlier_numbers_only(bool reverse)
    {
        const int classes = 5, features = 4;
        manual_seed(2);
        foreach (AutoregressiveNetwork network in (AutoregressiveNetwork[])
            [new Made(features, 2, [40], order: reverse ? Orders.Reverse(features) : null, positionSize: classes), new WindowNet(features, 2, classes, window: 2, hidden: [20], reverse: reverse)])
        {
            var net = Shaken(network, 1);
            var x = randint(0, classes, [30, features]);
            var before = Theta(x);
            for (int moved = 0; moved < features; moved++)
            {
                var other = x.clone();
                other.select(1, moved).add_(1).remainder_(classes);
                var change = (Theta(other) - before).abs().sum([0, 1, 3]);
                for (int seen = 0; seen < features; seen++)
                {
                    bool earlier = reverse ? moved > seen : moved < seen, near = network is Made || Math.Abs(moved - seen) <= 2;
                    Assert.Equal(earlier && near, change[seen].ToDouble() > 0);
                }
            }

            Tensor Theta(Tensor x) => net.Forward(nn.functional.one_hot(x, classes).to(float64), null).view(30, 2, features, classes);
        }
    }

    [Theory, InlineData(0.1), InlineData(1)]
    public void The_straight_through_gradient_is_that_of_the_softmax(double temperature)
    {
        manual_seed(1);
        var logits = randn(6, 3, 7, dtype: float64).requires_grad_();
        var weight = randn(6, 3, 7, dtype: float64);
        var code = StraightThrough.OneHot(logits, temperature);
        Assert.Equal(0, Distance(code.detach(), nn.functional.one_hot(logits.detach().argmax(-1), 7)));
        var (seen, expected) = (autograd.grad([(code * weight).sum()], [logits])[0], autograd.grad([((logits / temperature).softmax(-1) * weight).sum()], [logits])[0]);
        Assert.InRange(Distance(seen, expected), 0, 1e-14);
    }

    [Theory, InlineData(7), InlineData(10)]
    public void Gradients_of_a_layer_are_those_of_circular_convolution_and_the_permutation_table(int classes)
    {
        manual_seed(3);
        var map = new ModuloMap(classes, HasScale: true, Temperature: 0.7);
        var theta = randn(20, 2, 3, classes, dtype: float64).requires_grad_();
        var x = nn.functional.one_hot(randint(0, classes, [20, 3]), classes).to(float64).requires_grad_();
        var weight = randn(20, 3, classes, dtype: float64);

        // z_k = sum over j, m and s of x_j mu_m sigma_s [s k + m = j mod K], all products written out.
        var units = tensor(Enumerable.Range(0, classes).Select(s => Modulo.Units(classes).Contains(s)).ToArray());
        var mu = StraightThrough.OneHot(theta.select(1, 0), 0.7);
        var sigma = StraightThrough.OneHot(theta.select(1, 1).masked_fill(units.logical_not(), double.NegativeInfinity), 0.7);
        var hits = zeros(classes, classes, classes, classes, dtype: float64);
        for (int m = 0; m < classes; m++)
            foreach (int s in Modulo.Units(classes))
                for (int k = 0; k < classes; k++) hits[(s * k + m) % classes, m, s, k] = 1;
        var dense = einsum("bdj,bdm,bds,jmsk->bdk", x, mu, sigma, hits);
        var z = map.Forward(x, theta).Y;
        Assert.Equal(0, Distance(z.detach(), dense.detach()));
        var (seen, expected) = (autograd.grad([(z * weight).sum()], [x, theta]), autograd.grad([(dense * weight).sum()], [x, theta]));
        Assert.InRange(Distance(seen[0], expected[0]), 0, 1e-12);
        Assert.InRange(Distance(seen[1], expected[1]), 0, 1e-12);
        Assert.True(seen[1].abs().sum().ToDouble() > 1);
    }

    [Fact]
    public void The_coprime_mask_never_lets_a_number_without_inverse_through()
    {
        const int classes = 12;
        manual_seed(4);
        var map = new ModuloMap(classes, HasScale: true);
        var theta = randn(4000, 2, 1, classes, dtype: float64) * 30;
        theta.select(1, 1).index_fill_(-1, tensor(new long[] { 0, 2, 3, 4, 6, 8, 9, 10 }), 1e4);      // what must not be chosen is likeliest
        theta.select(1, 0).zero_();
        theta = theta.requires_grad_();
        var one = Code(1, classes).expand(4000, 1, classes);
        var x = map.Inverse(one, theta).X;                                    // sigma itself
        long[] chosen = [.. x.argmax(-1).flatten().data<long>().ToArray().Distinct().Order()];
        Assert.Equal([1, 5, 7, 11], chosen);
        var gradient = autograd.grad([(x * randn_like(x)).sum()], [theta])[0].select(1, 1);
        Assert.Equal(0, gradient.index_select(-1, tensor(new long[] { 0, 2, 3, 4, 6, 8, 9, 10 })).abs().max().ToDouble());
        Assert.True(gradient.abs().max().ToDouble() > 0);
    }

    [Fact]
    public void Ties_of_logits_are_the_first_class_so_that_zero_is_the_identity()
    {
        var map = new ModuloMap(6, HasScale: true);
        var x = nn.functional.one_hot(randint(0, 6, [50, 2]), 6).to(float32);
        Assert.Equal(0, Distance(map.Forward(x, zeros(50, 2, 2, 6)).Y, x));
    }

    [Fact]
    public void One_layer_learns_the_xor_table_to_a_thousandth()
    {
        manual_seed(0);
        var data = new ProbabilityTable(tensor(new[] { 0.63, 0.07, 0.03, 0.27 }), 2, 2);
        var flow = DiscreteFlow.Bipartite(2, 2, layers: 1);
        Trainer.Fit(flow, data, new() { Steps = 600, LearningRate = 0.05, BatchSize = 1024, Threads = 1 });
        Assert.InRange(data.Support.Divergence(data, flow), 0, 1e-3);
        flow.to(float64);
        Assert.Equal(1, data.Support.LogProbs(flow).exp().sum().ToDouble(), 1e-12);
    }

    [Fact]
    public void What_is_no_code_or_of_other_sizes_is_refused_by_name()
    {
        Assert.Contains("1024", Assert.Throws<ArgumentOutOfRangeException>("Classes", () => new ModuloMap(1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("Temperature", () => new ModuloMap(4, Temperature: 0));
        Assert.Throws<ArgumentOutOfRangeException>("Temperature", () => new ModuloMap(4, Temperature: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => new OneHot(3, 1));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new OneHot(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => Modulo.Units(1));
        Assert.Contains("divisible by 5", Assert.Throws<ArgumentException>("a", () => Modulo.Inverse(15, 10)).Message);

        var coupling = new Coupling([false, true], new ModuloMap(4), (i, o) => new OneHotNet(i, o, 4, (i, o) => new Mlp(i, o, [])));
        Assert.Contains("(B, 1, 4)", Assert.Throws<ArgumentException>("x", () => coupling.Forward(zeros(3, 2, 5))).Message);
        Assert.Contains("(B, 1, 4)", Assert.Throws<ArgumentException>("x", () => coupling.Forward(zeros(3, 2))).Message);
        Assert.Contains("of 4 classes", Assert.Throws<ArgumentException>("x", () => new ModuloMap(4).Forward(zeros(3, 2, 5), zeros(3, 1, 2, 5))).Message);
        Assert.Throws<ArgumentException>("network", () => new OneHotNet(1, 1, 4, (i, o) => new Mlp(i, o + 1, [])));
        Assert.Throws<ArgumentException>("outputs", () => new NeighborNet(3, 4, 2, reach: 1, hidden: []));
        Assert.Throws<ArgumentException>("network", () => new MaskedAutoregressive(new ModuloMap(4), new Made(3, 2, [8], positionSize: 4)));
        Assert.Throws<ArgumentOutOfRangeException>("window", () => new WindowNet(3, 1, 4, window: 0, hidden: []));
        Assert.Throws<ArgumentOutOfRangeException>("window", () => new WindowNet(3, 1, 4, window: -1, hidden: [], contextFeatures: 2));
        Assert.Throws<ArgumentException>("base", () => new Flow(new OneHot(3, 4), new OneHotCategorical(5).Learned(3, 5)));
        Assert.Contains("(..., 4)", Assert.Throws<ArgumentException>("logits", () => new OneHotCategorical(4).Fixed(zeros(4, 2))).Message);
        Assert.Throws<ArgumentOutOfRangeException>("Classes", () => new OneHotCategorical(1));
        Assert.Throws<ArgumentOutOfRangeException>("layers", () => DiscreteFlow.Bipartite(2, 4, layers: 0));
    }

    private static Tensor Code(long k, int classes) => nn.functional.one_hot(tensor(new[] { k }), classes).to(float64).unsqueeze(1);

    private static Flow Make(string name, long features, int classes)
    {
        manual_seed(7);
        bool scale = name.Contains("scale");
        var flow = name switch
        {
            _ when name.Contains("windows") => DiscreteFlow.Autoregressive(new ModuloMap(classes, scale), 2, (parameters, reverse) => new WindowNet(features, parameters, classes, 2, [16], reverse)),
            _ when name.StartsWith("auto") => DiscreteFlow.Autoregressive(features, classes, layers: 2, hidden: [32], scale),
            _ => DiscreteFlow.Bipartite(features, classes, layers: 3, hidden: classes < 91 ? [16] : [], scale),
        };
        return Shaken(flow, 0.7);
    }
}
