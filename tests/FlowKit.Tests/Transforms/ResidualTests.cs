using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class ResidualTests
{
    public static TheoryData<string> Layers => [.. Makers.Keys];

    private static readonly Dictionary<string, Func<Transform>> Makers = new()
    {
        ["planar"] = () => new Planar(2),
        ["radial"] = () => new Radial(2),
        ["Sylvester"] = () => new Sylvester(2, columns: 2),
    };

    [Theory, MemberData(nameof(Layers))]
    public void A_layer_starts_near_the_identity(string name)
    {
        manual_seed(1);
        var x = randn(50, 2);
        var (z, logDet) = Makers[name]().Forward(x);
        Assert.InRange(Distance(z, x), 0, 0.05);
        Assert.InRange(logDet.abs().max().ToDouble(), 0, 0.05);
    }

    [Theory, MemberData(nameof(Layers))]
    public void The_density_of_pushed_and_pulled_points_integrates_to_one(string name)
    {
        foreach (bool inverted in (bool[])[false, true])
        {
            var layer = Shaken(Makers[name], 0.7);
            var flow = new Flow(inverted ? layer.Inverted : layer, new StandardNormal(2));
            flow.to(float64);
            Assert.Equal(1, Quadrature.Integrate(x => flow.LogProb(x).exp(), (-12, 12), (-12, 12), 300), 1e-6);
        }
    }

    [Theory, MemberData(nameof(Layers))]
    public void Wild_parameters_stay_invertible(string name)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var layer = Shaken(Makers[name], Math.Pow(4, seed % 5 - 1), seed);
            var x = randn(50, 2, float64);
            var (z, logDet) = layer.Forward(x);
            Assert.True(logDet.isfinite().all().ToBoolean(), $"seed {seed}");
            var (back, inverse) = layer.Inverse(z);
            // Where f almost folds, z says little about x: errors grow as 1 / slope.
            var least = logDet.exp().clamp_max(1).unsqueeze(1);
            Assert.InRange(((back - x).abs() * least).max().ToDouble(), 0, 1e-9);
            Assert.InRange(Distance(layer.Forward(back).Z, z), 0, 1e-9);
            Assert.True(inverse.isfinite().all().ToBoolean());
        }
    }

    [Theory, MemberData(nameof(Layers))]
    public void Parameters_get_the_right_gradient_through_the_inverse(string name)
    {
        var layer = Shaken(Makers[name], 0.5);
        var z = randn(6, 2, float64);
        var weights = randn(6, 2, float64);
        Tensor Loss()
        {
            var (x, logDet) = layer.Inverse(z);
            return (x * weights).sum() + logDet.square().sum();
        }
        Loss().backward();
        var parameter = layer.parameters().Single();
        var gradient = parameter.grad!;
        for (long i = 0; i < parameter.size(0); i++)
        {
            double Moved(double step)
            {
                using var none = no_grad();
                parameter[i] += step;
                double loss = Loss().ToDouble();
                parameter[i] -= step;
                return loss;
            }
            double numeric = (Moved(1e-5) - Moved(-1e-5)) / 2e-5;
            Assert.Equal(numeric, gradient[i].ToDouble(), 1e-6 * (1 + Math.Abs(numeric)));
        }
    }

    // wᵀû = m(wᵀu) > -1, read off two points far out on either side of the line, where f has moved by -û and by û.
    [Theory, InlineData(0.1), InlineData(1), InlineData(10), InlineData(1e3), InlineData(1e6)]
    public void A_planar_layers_direction_stays_invertible_for_random_and_huge_weights(double scale)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            manual_seed(seed);
            var (u, w) = (randn(3, float64) * scale, randn(3, float64) * scale);
            var layer = new Planar(3);
            layer.to(float64);
            using (no_grad()) layer.parameters().Single().copy_(cat([u, w, zeros(1, dtype: float64)]));
            var x = w.unsqueeze(0) / w.norm() * 40 / w.norm();                // wᵀx = 40, where tanh is 1
            double along = (layer.Forward(x).Z - x).mv(w).ToDouble(), wanted = w.dot(u).ToDouble();
            double m = Math.Max(wanted, 0) + Math.Log(1 + Math.Exp(-Math.Abs(wanted))) - 1;
            Assert.Equal(m, along, 1e-9 * (1 + scale * scale));
            if (scale <= 1) Assert.True(along > -1);
            var (z, logDet) = layer.Forward(randn(20, 3, float64));
            Assert.True(logDet.isfinite().all().ToBoolean() && z.isfinite().all().ToBoolean(), $"seed {seed}");
        }
    }

    // On the line ln det is ln softplus(wᵀu), which tends to wᵀu far below zero.
    [Theory, InlineData(-10), InlineData(-20), InlineData(-40)]
    public void A_strong_contraction_keeps_its_log_determinant_in_either_precision(double along)
    {
        double e = Math.Exp(along), exact = along + Math.Log(1 - e / 2 + e * e / 3);
        foreach (var (dtype, tolerance) in new[] { (float32, 1e-5), (float64, 1e-12) })
        {
            var theta = tensor(new[] { along, 1, 0 }, [1, 3]).to(dtype);
            Assert.Equal(exact, FusedPlanar.Apply(zeros(1, 1, dtype: dtype), theta).LogDet.to(float64).ToDouble(), tolerance);
            Assert.Equal(exact, Planar.Bend(zeros(1, 1, dtype: dtype), theta).LogDet.to(float64).ToDouble(), tolerance);
        }
    }

    [Fact]
    public void A_loops_backward_leaves_nothing_behind_but_gradients()
    {
        manual_seed(5);
        var (x, theta) = (randn(50, 2).requires_grad_(), randn(1, 5).requires_grad_());
        var (y, logDet) = FusedPlanar.Apply(x, theta);
        var loss = y.sum() + logDet.sum();
        long before = LiveTensors;
        loss.backward();
        Assert.InRange(LiveTensors - before, 0, 6);       // what the operation is given, and gives
    }

    [Theory, InlineData(1), InlineData(5)]
    public void A_planar_layers_loop_gives_what_ordinary_operations_give(long rows)
    {
        manual_seed(4);
        var (x, theta, weights) = (randn(5, 3, float64).requires_grad_(), randn(rows, 7, float64).requires_grad_(), randn(5, 3, float64));
        var (plain, plainDet) = Planar.Bend(x, theta);
        var (fused, fusedDet) = FusedPlanar.Apply(x, theta);
        Assert.InRange(Distance(fused, plain), 0, 1e-13);
        Assert.InRange(Distance(fusedDet, plainDet), 0, 1e-13);
        foreach (Func<Tensor, Tensor, Tensor> loss in (Func<Tensor, Tensor, Tensor>[])[(y, v) => (y * weights).sum() + v.sin().sum(), (y, v) => (y * weights).sum(), (y, v) => v.sin().sum()])
        {
            var (expected, gradients) = (Of(loss(plain, plainDet)), Of(loss(fused, fusedDet)));
            for (int i = 0; i < 2; i++) Assert.InRange(Distance(gradients[i], expected[i]), 0, 1e-12);
        }

        IList<Tensor> Of(Tensor loss) => autograd.grad([loss], [x, theta], retain_graph: true);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_chain_of_planar_layers_gives_what_its_layers_give_one_by_one(bool conditional)
    {
        int seed = 0;
        Planar Layer() => (Planar)Shaken(() => new Planar(3, conditional ? 2 : null), 0.7, ++seed);
        Transform[] layers = [Layer().Inverted, Layer().Inverted, new Permutation(2, 0, 1), Layer().Inverted, Layer(), Layer().Inverted, Layer().Inverted, Layer().Inverted];
        var chain = new Chain(layers);
        var (z, weights, context) = (randn(6, 3, float64).requires_grad_(), randn(6, 3, float64), conditional ? randn(6, 2, float64).requires_grad_() : null);
        var (x, logDet) = chain.Inverse(z, context);
        var (single, total) = (z, zeros(6, dtype: float64));
        foreach (var layer in layers.Reverse())
        {
            (single, var step) = layer.Inverse(single, layer.ContextShape is null ? null : context);
            total = total + step;
        }
        Assert.InRange(Distance(x, single), 0, 1e-13);
        Assert.InRange(Distance(logDet, total), 0, 1e-13);
        using (no_grad()) Assert.InRange(Distance(chain.Inverse(z, context).X, single) + Distance(chain.Inverse(z, context).LogDet, total), 0, 1e-13);
        Assert.InRange(Distance(chain.Inverted.Forward(z, context).Z, single), 0, 1e-13);

        Tensor[] inputs = [z, .. context is null ? Array.Empty<Tensor>() : [context], .. chain.parameters()];
        foreach (Func<Tensor, Tensor, Tensor> loss in (Func<Tensor, Tensor, Tensor>[])[(y, v) => (y * weights).sum() + v.sin().sum(), (y, v) => (y * weights).sum(), (y, v) => v.sin().sum()])
        {
            var (expected, gradients) = (Of(loss(single, total)), Of(loss(x, logDet)));
            for (int i = 0; i < inputs.Length; i++) Assert.InRange(Distance(gradients[i], expected[i]), 0, 1e-12);
        }

        IList<Tensor> Of(Tensor loss) => autograd.grad([loss], inputs, retain_graph: true);
    }

    [Fact]
    public void Second_derivatives_of_a_chain_of_planar_layers_are_those_of_finite_differences()
    {
        var chain = new Chain(Enumerable.Range(0, 3).Select(seed => Shaken(() => new Planar(2), 0.5, seed)));
        var (x, direction) = (randn(6, 2, float64), randn(6, 2, float64));
        Assert.InRange(Distance(Curvature.Along(Loss, x, direction), Curvature.Numeric(Loss, x, direction)), 0, 1e-6);

        Tensor Loss(Tensor x)
        {
            var (z, logDet) = chain.Forward(x);
            return z.pow(3).sum() + logDet.sin().sum();
        }
    }

    [Fact]
    public void A_chain_of_planar_layers_refuses_what_one_layer_refuses()
    {
        var chain = new Chain(new Planar(2), new Planar(2));
        foreach (var wrong in new[] { randn(4, 2, float64), ones(4, 2, int64), randn(4, 3), randn(2) })
            Assert.Equal(Assert.Throws<ArgumentException>(() => chain[0].Forward(wrong)).Message, Assert.Throws<ArgumentException>(() => chain.Forward(wrong)).Message);
        var conditional = new Chain(new Planar(2, 3), new Planar(2, 3));
        Assert.Contains("float32", Assert.Throws<ArgumentException>(() => conditional.Forward(randn(4, 2), randn(4, 3, float64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_planar_layers_takes_an_empty_batch()
    {
        var (z, logDet) = new Chain(new Planar(2), new Planar(2)).Forward(zeros(0, 2));
        Assert.Equal([0L, 2L], z.shape);
        Assert.Equal([0L], logDet.shape);
    }

    // From small u and b, w ~ N(0, I): contraction by ln 2 at the line, whatever the scale of w.
    [Fact]
    public void A_planar_layer_without_u_contracts_by_ln_2()
    {
        manual_seed(2);
        var layer = new Planar(2);
        layer.to(float64);
        using (no_grad()) layer.parameters().Single().copy_(cat([zeros(2, dtype: float64), randn(2, float64), zeros(1, dtype: float64)]));
        Assert.Equal(Math.Log(Math.Log(2)), layer.Forward(zeros(1, 2, dtype: float64)).LogDet.ToDouble(), 1e-12);
    }

    [Theory, InlineData(-0.5, -1), InlineData(0.5, 1)]
    public void A_radial_layer_contracts_for_negative_beta_and_expands_for_positive(double beta, int sign)
    {
        manual_seed(3);
        var layer = new Radial(2);
        layer.to(float64);
        double Free(double value) => Math.Log(Math.Exp(value) - 1);
        using (no_grad()) layer.parameters().Single().copy_(tensor(new[] { 0.3, -0.2, Free(1), Free(1 + beta) }));
        var (z, logDet) = layer.Forward(randn(50, 2, float64));
        Assert.True((logDet * sign).min().ToDouble() > 0);
        var center = tensor(new[] { 0.3, -0.2 });
        var x = layer.Inverse(z).X;
        Assert.True((((z - center).square().sum(1) - (x - center).square().sum(1)) * sign).min().ToDouble() > 0);
    }

    [Fact]
    public void A_planar_layer_with_no_direction_moves_every_point_alike()
    {
        var layer = new Planar(3);
        layer.to(float64);
        using (no_grad()) layer.state_dict()["theta.own"].copy_(tensor(new[] { 1.0, 2, 3, 0, 0, 0, 0.5 }));
        var x = randn(4, 3, float64);
        var (z, logDet) = layer.Forward(x);
        Assert.InRange(Distance(z - x, tensor(new[] { 1.0, 2, 3 }) * Math.Tanh(0.5) + zeros_like(x)), 0, 1e-14);
        Assert.Equal(0, logDet.abs().max().ToDouble());
        Assert.InRange(Distance(layer.Inverse(z).X, x), 0, 1e-14);
    }

    [Fact]
    public void A_radial_layer_leaves_its_center_and_has_a_slope_there()
    {
        var layer = Shaken(() => new Radial(2), 0.5);
        var center = layer.state_dict()["theta.own"].narrow(0, 0, 2).detach().unsqueeze(0).clone().requires_grad_();
        var (z, logDet) = layer.Forward(center);
        Assert.InRange(Distance(z, center), 0, 1e-15);
        Assert.InRange(Distance(layer.Inverse(z).X, center), 0, 1e-15);
        logDet.sum().backward();
        Assert.True(center.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void A_Sylvester_layer_moves_points_within_its_directions_only()
    {
        var layer = Shaken(() => new Sylvester(5, columns: 2), 0.5);
        var x = randn(40, 5, float64);
        var spectrum = linalg.svdvals(layer.Forward(x).Z - x);
        Assert.True(spectrum[1].ToDouble() > 1e-2);
        Assert.InRange(spectrum[2].ToDouble(), 0, 1e-12);
    }

    [Theory, MemberData(nameof(Layers))]
    public void Second_derivatives_of_the_inverse_are_those_of_finite_differences(string name)
    {
        var layer = Shaken(Makers[name], 0.5);
        var (z, direction) = (randn(6, 2, float64), randn(6, 2, float64));
        Assert.InRange(Distance(Curvature.Along(Loss, z, direction), Curvature.Numeric(Loss, z, direction)), 0, 1e-6);

        Tensor Loss(Tensor z)
        {
            var (x, logDet) = layer.Inverse(z);
            return x.pow(3).sum() + logDet.sin().sum();
        }
    }

    [Theory, MemberData(nameof(Layers))]
    public void Points_far_out_overflow_no_square(string name)
    {
        var layer = Shaken(Makers[name], 0.5);
        layer.to(float32);
        var far = tensor(new[] { 1e30f, -1e30f, 1e25f, 1f }, [2, 2]);
        foreach (var (at, logDet) in (ReadOnlySpan<(Tensor, Tensor)>)[layer.Forward(far), layer.Inverse(far)])
        {
            Assert.InRange(Distance(at / far, ones(2, 2)), 0, 3);              // the small number beside the large one moves a little
            Assert.InRange(logDet.abs().max().ToDouble(), 0, 1e-6);
        }
    }

    [Fact]
    public void A_Sylvester_layer_stays_invertible_where_tanh_rounds_to_one()
    {
        var layer = new Sylvester(2, columns: 2);
        var own = layer.parameters().Single();
        using (no_grad()) own.narrow(0, 4, 6).copy_(tensor(new[] { 30f, -30, 0, 0, 30, -30 }));   // R̃_11, R_11; R̃_22, R_22
        var x = tensor(new[] { 0f, 0, 0.3f, -2 }, [2, 2]);
        var (z, logDet) = layer.Forward(x);
        Assert.True(logDet.isfinite().all().ToBoolean());
        (logDet.sum() + layer.Inverse(z.detach()).LogDet.sum()).backward();
        Assert.True(own.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new Planar(0));
        Assert.Throws<ArgumentOutOfRangeException>("features", () => new Radial(0));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => new Sylvester(3, columns: 4));
        Assert.Throws<ArgumentOutOfRangeException>("contextShape", () => new Planar(2, contextShape: -1));
        Assert.Contains("(B, 2)", Assert.Throws<ArgumentException>("x", () => new Planar(2).Forward(randn(4, 3))).Message);
    }

    private static Transform Shaken(Func<Transform> make, double by, int seed = 1)
    {
        manual_seed(seed);
        var layer = make();
        layer.to(float64);
        using (no_grad())
            foreach (var parameter in layer.parameters()) parameter.add_(randn_like(parameter) * by);
        return layer;
    }
}
