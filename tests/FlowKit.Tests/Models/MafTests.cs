using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Models;
using FlowKit.Training;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Models;

public class MafTests
{
    [Fact]
    public void The_order_turns_from_layer_to_layer_unless_another_is_given()
    {
        // With one order in all layers x_2 does not reach the first latent; with turned ones it does.
        manual_seed(1);
        Assert.Equal(0, Influence(Maf.Create(2, layers: 3, hidden: [8], order: _ => Orders.Natural(2))));
        Assert.NotEqual(0, Influence(Maf.Create(2, layers: 3, hidden: [8])));
        Assert.Throws<ArgumentException>("order", () => Maf.Create(3, order: _ => [0, 1, 1]));
        Assert.Throws<ArgumentException>("order", () => Maf.Create(3, order: _ => null!));

        static double Influence(Flow flow)
        {
            Shaken(flow, 0.3);
            var x = randn(4, 2, float64).requires_grad_();
            return autograd.grad([flow.Transform.Forward(x).Z.select(1, 0).sum()], [x])[0].select(1, 1).abs().max().ToDouble();
        }
    }

    [Fact]
    public void A_given_base_is_the_law_of_the_latents()
    {
        manual_seed(1);
        var mog = new Autoregressive(new MixtureFamily(new Normal(), 3), new Made(2, 9, [8]));
        var flow = Shaken(Maf.Create(2, layers: 2, hidden: [8], @base: mog), 0.3);
        Assert.Same(mog, flow.Base);
        var x = randn(20, 2, float64);
        var (z, logDet) = flow.Transform.Forward(x);
        Assert.InRange(Distance(flow.LogProb(x), mog.LogProb(z) + logDet), 0, 1e-12);
        Assert.Throws<ArgumentException>("base", () => Maf.Create(3, @base: new StandardNormal(2)));
    }

    [Fact]
    public void Statistics_of_the_whole_data_are_those_by_hand_and_the_density_depends_on_no_batch()
    {
        manual_seed(1);
        var flow = Shaken(Maf.Create(3, layers: 2, hidden: [8], contextShape: 1, batchNorm: true), 0.3);
        var data = new Dataset(randn(10_000, 3, float64) * 3 + 1, randn(10_000, 1, float64));
        BatchNormTransform.UseStatisticsOf(flow, data);

        var x = data.X;
        foreach (var layer in (Chain)flow.Transform)
        {
            if (layer is BatchNormTransform norm)
            {
                var (mean, variance) = (x.mean([0]), x.var(0, unbiased: false));
                var state = norm.state_dict();
                Assert.InRange(Distance(state["runningMean"], mean), 0, 1e-12);
                Assert.InRange(Distance(state["runningVariance"], variance), 0, 1e-11);
                var (_, logDet) = norm.Forward(x.narrow(0, 0, 3));
                double exact = (state["logScale"] - (variance + 1e-5).log() / 2).sum().ToDouble();       // sum of gamma - ln(v + eps) / 2
                Assert.InRange(Distance(logDet, full(3, exact, float64)), 0, 1e-12);
            }
            x = layer.Forward(x, layer.ContextShape is null ? null : data.Context).Z;
        }
        var all = flow.LogProb(data.X, data.Context);
        Assert.InRange(Distance(flow.LogProb(data.X.narrow(0, 7, 1), data.Context!.narrow(0, 7, 1)), all.narrow(0, 7, 1)), 0, 1e-9);
    }

    [Fact]
    public void Batch_normalization_inside_another_transform_is_refused()
    {
        var hidden = new EmbeddedTransform(new Chain(new BatchNormTransform(2), new MaskedAutoregressive(new AffineMap(), new Made(2, 2, [4], contextShape: 2))), nn.Linear(1, 2), 1);
        Assert.Throws<NotSupportedException>(() => BatchNormTransform.UseStatisticsOf(new Flow(hidden, new StandardNormal(2)), new Dataset(randn(5, 2), randn(5, 1))));
        Assert.Throws<ArgumentException>("data", () => BatchNormTransform.UseStatisticsOf(Maf.Create(2, batchNorm: true), randn(5, 3)));
    }

    [Fact]
    public void A_coupling_is_the_layer_whose_first_half_has_no_parameters()
    {
        manual_seed(1);
        var coupling = Shaken(Coupling.WithMlp(Masks.Half(4, second: true), new AffineMap(), [8], activation: Activation.Tanh), 0.4);
        var layer = new MaskedAutoregressive(new AffineMap(), new HalfNetwork(coupling));
        layer.to(float64);
        var x = randn(6, 4, float64);
        var ((z, logDet), (expected, expectedLogDet)) = (layer.Forward(x), coupling.Forward(x));
        Assert.InRange(Distance(z, expected), 0, 1e-12);
        Assert.InRange(Distance(logDet, expectedLogDet), 0, 1e-12);
        Assert.InRange(Distance(layer.Inverse(z).X, coupling.Inverse(z).X), 0, 1e-12);
        Assert.True(Distance(z, x) > 1e-2);
    }

    [Fact]
    public void A_constant_context_is_absorbed_by_the_biases()
    {
        // Degrees 0, 0, 1, 1, 2, 2: the first two units read the context alone, and given it are constants.
        manual_seed(1);
        var conditional = Shaken(new Made(3, 2, [6], contextShape: 2), 0.5);
        var plain = Shaken(new Made(3, 2, [4]), 0);
        var y = randn(1, 2, float64);
        var (given, own) = (conditional.state_dict(), plain.state_dict());
        using (no_grad())
        {
            var bias = given["layers.0.bias"] + given["layers.0.weight"].narrow(1, 3, 2).mv(y[0]);
            own["layers.0.weight"].copy_(given["layers.0.weight"].narrow(0, 2, 4).narrow(1, 0, 3));
            own["layers.0.bias"].copy_(bias.narrow(0, 2, 4));
            own["layers.1.weight"].copy_(given["layers.1.weight"].narrow(1, 2, 4));
            own["layers.1.bias"].copy_(given["layers.1.bias"] + given["layers.1.weight"].narrow(1, 0, 2).mv(bias.narrow(0, 0, 2).relu()));
        }
        Flow[] flows = [new(new MaskedAutoregressive(new AffineMap(), conditional), new StandardNormal(3)), new(new MaskedAutoregressive(new AffineMap(), plain), new StandardNormal(3))];
        foreach (var flow in flows) flow.to(float64);
        var x = randn(20, 3, float64);
        Assert.InRange(Distance(flows[0].LogProb(x, y), flows[1].LogProb(x)), 0, 1e-11);
        Assert.True(Distance(flows[0].LogProb(x, y), flows[0].LogProb(x, -y)) > 1e-2);
    }

    [Fact]
    public void Its_inverse_is_the_inverse_autoregressive_flow_with_the_same_parameters()
    {
        manual_seed(1);
        var made = Shaken(new Made(4, 2, [12], activation: Activation.Tanh), 0.4);
        var map = new AffineMap();
        var maf = new MaskedAutoregressive(map, made);
        maf.to(float64);
        var iaf = maf.Inverted;
        var noise = randn(7, 4, float64);
        var (x, logDet) = iaf.Inverse(noise);                                 // IAF draws in one pass: each element is mapped with parameters of the noise before it
        var (byHand, logSlopes) = map.Forward(noise, made.Forward(noise, null).view(7, 2, 4));
        Assert.InRange(Distance(x, byHand), 0, 1e-14);
        Assert.InRange(Distance(logDet, logSlopes.sum(1)), 0, 1e-13);
        Assert.InRange(Distance(iaf.Forward(x).Z, noise), 0, 1e-10);
    }

    [Fact]
    public void The_divergence_of_the_data_from_the_flow_is_that_of_their_latents_from_the_base()
    {
        // KL(pi_x || p_x) = KL(p_u || pi_u), equal already on the same points.
        manual_seed(1);
        var data = new FlowKit.Data.Parabola();
        data.to(float64);
        var maf = Shaken(Maf.Create(2, layers: 3, hidden: [16]), 0.2);
        var implicitLaw = new Flow(maf.Transform.Inverted, data);             // of u = f(x), x ~ pi_x: an inverse autoregressive flow over the data
        var x = data.Sample(2000);
        var u = maf.Transform.Forward(x).Z;
        double left = (data.LogProb(x) - maf.LogProb(x)).mean().ToDouble(), right = (implicitLaw.LogProb(u) - maf.Base.LogProb(u)).mean().ToDouble();
        Assert.Equal(left, right, 1e-10);
        Assert.True(left > 0.1);
    }

    private sealed class HalfNetwork : AutoregressiveNetwork
    {
        private readonly Coupling coupling;

        public HalfNetwork(Coupling coupling) : base(nameof(HalfNetwork), 4, 2, null)
        {
            this.coupling = coupling;
            RegisterComponents();
        }

        public override IReadOnlyList<int> Order => Orders.Natural(4);

        public override Tensor Forward(Tensor x, Tensor? context)
        {
            var theta = coupling.modules().OfType<Conditioner>().First().Forward(x.narrow(1, 0, 2), null).view(-1, 2, 2);
            return cat([zeros_like(theta), theta], dim: 2).flatten(1);
        }
    }
}
