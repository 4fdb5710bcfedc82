using FlowKit.Integration;
using FlowKit.Laws;
using FlowKit.Models;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms.Spheres;

public class ExponentialMapTests
{
    private static readonly Dictionary<string, Func<long, SpherePotential>> Potentials = new()
    {
        ["radial"] = dimension => new RadialPotential(dimension, 4),
        ["one bump"] = dimension => new RadialPotential(dimension, 1),
        ["polynomial"] = dimension => new PolynomialPotential(dimension),
    };

    public static TheoryData<string, long> Cases => new(from name in Potentials.Keys from dimension in (long[])[1, 2, 3, 4] select (name, dimension));

    [Theory, MemberData(nameof(Cases))]
    public void The_log_det_is_that_of_the_Jacobian_between_tangent_spaces(string name, long dimension)
    {
        manual_seed(2);
        var chain = Shaken(new Chain(Enumerable.Range(0, 3).Select(_ => new ExponentialMap(Potentials[name](dimension)))), 0.4);
        var z = Points(40, dimension);
        var (x, logDet) = chain.Inverse(z);
        Near(x.norm(1), ones(40, dtype: float64), 1e-14, "The norm");
        Near(logDet, Space.Sphere.LogVolume(z => chain.Inverse(z).X, z, Space.Sphere), 1e-9, "The log-det");
        Assert.True(logDet.std().ToDouble() > 0.01);
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_log_det_is_that_of_finite_differences(string name, long dimension)
    {
        manual_seed(3);
        var map = Shaken(new ExponentialMap(Potentials[name](dimension)), 0.4);
        var z = Points(20, dimension);
        const double h = 1e-5;
        var columns = Space.Sphere.Tangent(z).unbind(1).Select(e => (Walk(map, z, e * h) - Walk(map, z, e * -h)) / (2 * h));
        var jacobian = stack([.. columns], dim: 2);                           // (B, D + 1, D)
        Near(map.Inverse(z).LogDet, linalg.slogdet(jacobian.mT.matmul(jacobian)).Item2 / 2, 1e-6, "The log-det");
    }

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_and_Hessians_of_potentials_are_those_of_autograd(string name, long dimension)
    {
        manual_seed(4);
        var phi = Shaken(Potentials[name](dimension), 0.5);
        var x = Points(10, dimension).requires_grad_();
        var (gradient, hessian) = phi.Derivatives(x);
        var expected = autograd.grad([phi.Value(x).sum()], [x], retain_graph: true, create_graph: true)[0];
        Near(gradient, expected, 1e-13, "The gradient");
        for (long i = 0; i <= dimension; i++) Near(hessian.select(1, i), autograd.grad([expected.select(1, i).sum()], [x], retain_graph: true)[0], 1e-12, $"Row {i} of the Hessian");
    }

    [Theory, InlineData(1, 3), InlineData(2, 1), InlineData(2, 12), InlineData(3, 5), InlineData(4, 2)]
    public void Points_of_steep_maps_are_found_again(long dimension, int components)
    {
        manual_seed(5);
        var potential = new RadialPotential(dimension, components);
        Set(potential, logBeta: 3, slack: -6);                                // beta = 20, alpha's sum next to 0.99
        var map = F64(new ExponentialMap(potential));
        var z = Points(500, dimension);
        var (x, logDet) = map.Inverse(z);
        var (back, backLogDet) = map.Forward(x);
        Near(map.Inverse(back).X, x, 1e-14, "The image");
        Near(back, z, 1e-9, "z");
        Near(backLogDet, -logDet, 1e-8, "The log-det");
        Assert.True(logDet.abs().max().ToDouble() > 0.1);
    }

    [Fact]
    public void Gradients_of_the_way_back_are_those_of_finite_differences()
    {
        manual_seed(6);
        foreach (long dimension in (long[])[2, 3])
        {
            var flow = Strong(SphereFlow.Exponential(dimension, layers: 2, components: 3));
            var x = Points(5, dimension);
            flow.LogProb(x).sum().backward();
            foreach (var (name, parameter) in flow.named_parameters())
            {
                var gradient = parameter.grad!.clone();
                using var none = no_grad();
                for (long i = 0; i < Math.Min(4, parameter.numel()); i++)
                {
                    const double h = 1e-5;
                    double slope = (At(i, h) - At(i, -h)) / (2 * h);
                    Within(gradient.flatten()[i].ToDouble() - slope, 1e-6, $"The gradient of {name}");
                }

                double At(long i, double by)
                {
                    parameter.flatten()[i] += by;
                    double value = flow.LogProb(x).sum().ToDouble();
                    parameter.flatten()[i] -= by;
                    return value;
                }
            }
        }
    }

    [Fact]
    public void A_flow_on_the_sphere_integrates_to_one()
    {
        manual_seed(7);
        var flow = Strong(SphereFlow.Exponential(2, layers: 3, components: 5));
        using var sphere = QuadratureRule.Sphere(64);
        Assert.Equal(1, sphere.Integrate(x => flow.LogProb(x).exp()), 1e-6);
    }

    [Fact]
    public void A_flow_on_S3_integrates_to_one()
    {
        manual_seed(7);
        var flow = Strong(SphereFlow.Exponential(3, layers: 1, components: 3));
        using var sphere = QuadratureRule.Sphere(20, dimension: 3);
        Assert.Equal(1, sphere.Integrate(x => flow.LogProb(x).exp()), 1e-4);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Nothing_breaks_at_a_center_nor_opposite_of_it(bool wide)
    {
        manual_seed(8);
        var potential = new RadialPotential(2, 1);
        Set(potential, logBeta: 2, slack: -30);
        var map = new ExponentialMap(potential);
        map.to(wide ? float64 : float32);
        var center = potential.named_parameters().Single(one => one.name == "centers").parameter.detach();
        center = center / center.norm();
        var z = cat([center, -center, center + 1e-5, -center - 1e-9], dim: 0);
        z = (z / z.norm(1, keepdim: true)).requires_grad_();
        var (x, logDet) = map.Inverse(z);
        var (back, backLogDet) = map.Forward(x);
        (x.sum() + logDet.sum() + back.sum() + backLogDet.sum()).backward();
        foreach (var tensor in (Tensor[])[x, logDet, back, backLogDet, z.grad!, .. map.parameters().Select(parameter => parameter.grad!)]) Assert.True(tensor.isfinite().all().ToBoolean());
        Near(x[0], z[0], 1e-6, "The center, which stays,");
        if (wide) Within(logDet[0].ToDouble() - 2 * Math.Log(0.01), 1e-9, "The log-det at the center, 2 ln(1 - alpha),");
    }

    [Fact]
    public void A_potential_of_zero_is_the_identity_and_has_gradients()
    {
        manual_seed(9);
        var map = F64(new ExponentialMap(new PolynomialPotential(2)));
        using (no_grad())
            foreach (var parameter in map.parameters()) parameter.zero_();
        var z = Points(6, 2);
        var (x, logDet) = map.Inverse(z);
        Near(x, z, 1e-15, "x");
        Near(logDet, zeros_like(logDet), 1e-15, "The log-det");
        (x.select(1, 0).sum() + logDet.sin().sum() + logDet.square().sum()).backward();
        Gradients(map.named_parameters().Select(one => (one.name, (Tensor)one.parameter)));
    }

    // The potential b·x on S²: M = -(b·x) I, v = b across x.
    [Fact]
    public void The_linear_potential_has_its_volume_in_closed_form()
    {
        manual_seed(10);
        var map = F64(new ExponentialMap(new PolynomialPotential(2)));
        var state = map.named_parameters().ToDictionary(one => one.name, one => one.parameter);
        using (no_grad())
        {
            state["potential.weight"].zero_();
            state["potential.mu"].copy_(tensor(new[] { 0, 0, 0.7 }));
        }
        var z = Points(50, 2);
        var theta = z.select(1, 2).acos();                                    // moves to theta - 0.7 sin theta
        var moved = theta - theta.sin() * 0.7;
        var (x, logDet) = map.Inverse(z);
        Near(x.select(1, 2), moved.cos(), 1e-13, "The height");
        Near(logDet, (moved.sin() / theta.sin() * (1 - theta.cos() * 0.7)).log(), 1e-11, "The log-det");
        Near(map.Forward(x).Z, z, 1e-10, "z");
    }

    [Fact]
    public void A_polynomial_that_may_fold_the_sphere_has_no_way_back()
    {
        manual_seed(11);
        var map = F64(new ExponentialMap(new PolynomialPotential(2)));
        var z = Points(5, 2);
        Near(map.Forward(map.Inverse(z).X).Z, z, 1e-12, "z");
        using (no_grad())
            foreach (var parameter in map.parameters()) parameter.mul_(100);
        Assert.True(map.Inverse(z).LogDet.isfinite().all().ToBoolean());
        Assert.Throws<NotSupportedException>(() => map.Forward(z));
    }

    [Fact]
    public void Points_off_the_sphere_are_refused_by_the_map_and_have_no_density()
    {
        manual_seed(12);
        var flow = F64(SphereFlow.Exponential(2, layers: 2, components: 2));
        var x = tensor(new[] { 0, 0, 1.0, 0, 0, 1.01, 0, 0, 1.00005 }, [3, 3]);
        Assert.Throws<ArgumentException>("x", () => flow.Transform.Forward(x));
        Assert.Throws<ArgumentException>("z", () => flow.Transform.Inverse(x));
        var logP = flow.LogProb(x);
        Assert.Equal(double.NegativeInfinity, logP[1].ToDouble());
        Near(logP[2], logP[0], 1e-12, "A rounded point's log-density");
        Assert.True(flow.LogProb(full_like(x, double.NaN)).isnan().all().ToBoolean());
    }

    [Fact]
    public void Narrow_bumps_keep_their_digits_in_single_precision()
    {
        manual_seed(13);
        var potential = new RadialPotential(2, 1);
        Set(potential, logBeta: 7.5, slack: -30);                             // beta = 1,808
        var center = potential.named_parameters().Single(one => one.name == "centers").parameter.detach();
        var x = center / center.norm() + randn(1000, 3, dtype: float32) * 0.02;
        x /= x.norm(1, keepdim: true);
        var (single, derivatives) = (potential.Value(x), potential.Derivatives(x));
        potential.to(float64);
        var wide = x.to(float64);
        wide /= wide.norm(1, keepdim: true);
        Near(single.to(float64) / potential.Value(wide), ones(1000, dtype: float64), 3e-5, "The value over the exact one");
        Near(derivatives.Hessian.to(float64) / potential.Derivatives(wide).Hessian, ones(1000, 3, 3, dtype: float64), 3e-5, "The Hessian over the exact one");
    }

    [Theory, InlineData(-1e6), InlineData(1e6)]
    public void No_width_of_a_bump_leaves_the_numbers(double raw)
    {
        manual_seed(14);
        var map = new ExponentialMap(new RadialPotential(2, 3));
        using (no_grad()) map.named_parameters().Single(one => one.name == "potential.logBeta").parameter.fill_(raw);
        var z = Points(50, 2).to(float32);
        var (x, logDet) = map.Inverse(z);
        var (back, backLogDet) = map.Forward(x);
        (logDet.sum() + back.sum() + backLogDet.sum()).backward();
        foreach (var tensor in (Tensor[])[x, logDet, back, backLogDet, .. map.parameters().Select(parameter => parameter.grad!)]) Assert.True(tensor.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Double_precision_does_not_suffer_from_single_before_it()
    {
        manual_seed(15);
        var map = F64(new ExponentialMap(new RadialPotential(2, 3)));
        var z = Points(20, 2);
        var before = map.Inverse(z);
        map.to(float32);
        var after = F64(map).Inverse(z);
        Near(after.X, before.X, 1e-15, "x");
        Near(after.LogDet, before.LogDet, 1e-15, "The log-det");
    }

    [Fact]
    public void A_potential_of_ones_own_has_a_map()
    {
        manual_seed(16);
        var map = new ExponentialMap(new Custom(x => x.select(1, 2) * 0.7, x => tensor(new[] { 0, 0, 0.7 }).expand(x.size(0), -1), x => zeros(x.size(0), 3, 3, dtype: float64)));
        var z = Points(20, 2);
        var theta = z.select(1, 2).acos();
        Near(map.Inverse(z).X.select(1, 2), (theta - theta.sin() * 0.7).cos(), 1e-13, "The height");
        Near(map.Forward(map.Inverse(z).X).Z, z, 1e-10, "z");
    }

    [Fact]
    public void What_a_potential_of_ones_own_gives_is_refused_where_it_does_not_fit()
    {
        var x = Points(5, 2);
        Refuse("Custom gave (5, 2, 2), float64 on cpu as the Hessian at x of shape (5, 3); expected (5, 3, 3), float64 on cpu.", hessian: _ => zeros(5, 2, 2, dtype: float64));
        Refuse("Custom gave (3, 3), float64 on cpu as the Hessian", hessian: _ => eye(3, dtype: float64));
        Refuse("Custom gave (1, 3, 3), float64 on cpu as the Hessian", hessian: _ => zeros(1, 3, 3, dtype: float64));
        Refuse("Custom gave (5, 3, 3), float32 on cpu as the Hessian", hessian: _ => zeros(5, 3, 3, dtype: float32));
        Refuse("Custom gave (5, 3, 3), float64 on meta as the Hessian", hessian: _ => zeros(5, 3, 3, dtype: float64, device: torch.device(DeviceType.META)));
        Refuse("Custom gave (5, 3, 3), sparse float64 on cpu as the Hessian", hessian: _ => zeros(5, 3, 3, dtype: float64).to_sparse());
        Refuse("Custom gave null as the Hessian", hessian: _ => null!);
        Refuse("Custom gave (5, 2), float64 on cpu as the gradient at x of shape (5, 3); expected (5, 3), float64 on cpu.", gradient: _ => zeros(5, 2, dtype: float64));
        Refuse("Custom gave a disposed tensor as the gradient", gradient: _ => Disposed());
        Refuse("Custom gave (5, 1), float64 on cpu as phi at x of shape (5, 3); expected (5,), float64 on cpu.", value: _ => zeros(5, 1, dtype: float64));

        void Refuse(string message, Func<Tensor, Tensor>? value = null, Func<Tensor, Tensor>? gradient = null, Func<Tensor, Tensor>? hessian = null)
        {
            var potential = new Custom(value ?? (x => zeros(x.size(0), dtype: float64)), gradient ?? (x => zeros_like(x)), hessian ?? (x => zeros(x.size(0), 3, 3, dtype: float64)));
            var map = new ExponentialMap(potential);
            Assert.StartsWith(message, Assert.Throws<InvalidOperationException>(() => map.Forward(x)).Message);
            Assert.StartsWith(message, Assert.Throws<InvalidOperationException>(() => value is null ? potential.Derivatives(x).Hessian : potential.Value(x)).Message);
            if (value is null) Assert.StartsWith(message, Assert.Throws<InvalidOperationException>(() => map.Inverse(x)).Message);
        }

        static Tensor Disposed()
        {
            var gone = zeros(5, 3, dtype: float64);
            gone.Dispose();
            return gone;
        }
    }

    [Fact]
    public void Points_that_do_not_fit_a_potential_are_refused()
    {
        foreach (var potential in (SpherePotential[])[new RadialPotential(2, 1), new PolynomialPotential(2)])
            foreach (var x in (Tensor[])[ones(5, 2), ones(3), ones(5, 3, dtype: float64), ones(5, 3, dtype: int64), ones(5, 3).to_sparse(), ones(5, 3, device: torch.device(DeviceType.META))])
            {
                Assert.Throws<ArgumentException>("x", () => potential.Value(x));
                Assert.Throws<ArgumentException>("x", () => potential.Derivatives(x));
            }
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => new RadialPotential(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("components", () => new RadialPotential(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => new PolynomialPotential(0));
        Assert.Throws<ArgumentOutOfRangeException>("layers", () => SphereFlow.Exponential(2, layers: 0));
        Assert.Throws<ArgumentNullException>("potential", () => new ExponentialMap(null!));
    }

    private static Tensor Walk(ExponentialMap map, Tensor z, Tensor by)
    {
        var moved = z + by;
        return map.Inverse(moved / moved.norm(1, keepdim: true)).X;
    }

    private static Tensor Points(long count, long dimension)
    {
        var x = randn(count, dimension + 1, dtype: float64);
        return x / x.norm(1, keepdim: true);
    }

    private static Flow Strong(Flow flow)
    {
        foreach (var potential in flow.modules().OfType<RadialPotential>()) Set(potential, logBeta: 1.2, slack: -1);
        return Shaken(flow, 0.3);
    }

    private static void Set(RadialPotential potential, double logBeta, double slack)
    {
        var state = potential.named_parameters().ToDictionary(one => one.name, one => one.parameter);
        using var none = no_grad();
        state["logBeta"].fill_(logBeta / (1 - Math.Abs(logBeta) / 8));           // which is softly bounded by 8
        state["logits"][-1] = slack;
    }

    private static T F64<T>(T module) where T : FlowModule
    {
        module.to(float64);
        return module;
    }

    private sealed class Custom(Func<Tensor, Tensor> value, Func<Tensor, Tensor> gradient, Func<Tensor, Tensor> hessian) : SpherePotential(nameof(Custom), 2)
    {
        public override bool IsInvertible => true;

        protected override Tensor ValueCore(Tensor x) => value(x);

        protected override (Tensor Gradient, Tensor Hessian) DerivativesCore(Tensor x) => (gradient(x), hessian(x));
    }
}
