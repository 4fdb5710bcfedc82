using CsCheck;
using FlowKit.Distributions;
using FlowKit.Integration;
using FlowKit.Measures;
using FlowKit.Transforms;
using static FlowKit.Tests.Measures.Spaces;

namespace FlowKit.Tests.Measures;

/// <summary>(1.12) to (1.14), (1.31) to (1.37), Theorems 1.9 and 1.10: densities seen through maps of the line and of space, as flows.</summary>
public class ChangeOfVariableTests
{
    private static readonly double Root3 = Math.Sqrt(3);

    private sealed record Case(string Name, Flow Law, Func<double, double> Truth, Func<double, (double Low, double High)> HalfLine, Func<double, double> Cdf, (double Low, double High) At)
    {
        public override string ToString() => Name;
    }

    private static readonly Case[] Cases =
    [
        new("x³ + x of a normal", Line(Cube, x => x.pow(3) + x, new StandardNormal(1)),
            y => Phi(CubeRoot(y)) / (3 * CubeRoot(y) * CubeRoot(y) + 1), y => (double.NegativeInfinity, CubeRoot(y)), NormalCdf, (-8, 8)),
        new("e^x of a normal", Line(y => y.log(), x => x.exp(), new StandardNormal(1)),
            y => Phi(Math.Log(y)) / y, y => (double.NegativeInfinity, Math.Log(y)), NormalCdf, (0.05, 8)),
        new("1/x of a uniform", Line(y => y.reciprocal(), x => x.reciprocal(), new Uniform(ones(1, dtype: float64), full(1, 2, dtype: float64))),
            y => 1 / (y * y), y => (1 / y, 2), x => Math.Clamp(x, 1, 2) - 1, (0.51, 0.99)),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_density_of_r_of_X_is_that_of_X_at_the_pre_image_times_the_slope_of_the_inverse(string name)
    {
        var one = Find(name);
        Gen.Double[one.At.Low, one.At.High].Sample(y => Near(one.Truth(y), Density(one.Law, y), 1e-12 * Math.Max(1, one.Truth(y))), iter: 50);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_mass_of_an_interval_is_that_of_its_pre_image_for_increasing_and_decreasing_maps(string name)
    {
        // A decreasing r turns {r(X) <= y} into {X >= r⁻¹(y)}: the half-line flips, and a formula for increasing maps alone would give the negative.
        var one = Find(name);
        double Below(double y) => one.Cdf(one.HalfLine(y).High) - one.Cdf(one.HalfLine(y).Low);
        Gen.Select(Gen.Double[one.At.Low, one.At.High], Gen.Double[one.At.Low, one.At.High]).Select((a, b) => (Low: Math.Min(a, b), High: Math.Max(a, b))).Sample(y =>
            Near(Below(y.High) - Below(y.Low), AdaptiveQuadrature.Integrate(at => Density(one.Law, at), y.Low, y.High), 1e-8), iter: 5);
    }

    [Fact]
    public void Expectations_of_f_of_u_of_X_come_out_the_same_over_X_and_over_its_push_forward()
    {
        // X exponential, u(x) = x², f(y) = e^-y. Over X, over Y = u(X) with density e^-sqrt y / (2 sqrt y), and over the probability space (0, 1) with X = -ln(1 - w).
        double overX = AdaptiveQuadrature.Integrate(x => Math.Exp(-x * x) * Math.Exp(-x), 0, double.PositiveInfinity);
        double overY = AdaptiveQuadrature.Integrate(y => Math.Exp(-y) * Math.Exp(-Math.Sqrt(y)) / (2 * Math.Sqrt(y)), 0, double.PositiveInfinity);
        double overOutcomes = AdaptiveQuadrature.Integrate(w => Math.Exp(-Math.Pow(Math.Log(1 - w), 2)), 0, 1);
        Near(overX, overY, 1e-8);
        Near(overX, overOutcomes, 1e-8);
        Near(0.5456413607650471, overX, 1e-10);                          // sqrt(pi)/2 e^(1/4) erfc(1/2)
    }

    [Fact]
    public void Box_and_Muller_make_two_independent_normals_of_two_uniforms()
    {
        Tensor ToNormal(Tensor u) => stack([Radius(u) * (Math.Tau * u.select(1, 1)).cos(), Radius(u) * (Math.Tau * u.select(1, 1)).sin()], dim: 1);
        Tensor ToUniform(Tensor x) => stack([(x.square().sum(1) / -2).exp(), (atan2(x.select(1, 1), x.select(1, 0)) / Math.Tau).remainder(1)], dim: 1);
        Tensor Radius(Tensor u) => (u.select(1, 0).log() * -2).sqrt();

        manual_seed(1);
        var flow = new Flow(new SmoothMap(ToUniform, ToNormal), new Uniform(zeros(2, dtype: float64), ones(2, dtype: float64)));
        var x = randn(200, 2, dtype: float64) * 1.5;
        Assert.True((flow.LogProb(x) - new StandardNormal(2).LogProb(x)).abs().max().ToDouble() < 1e-10);
        var draws = flow.to(float64).Sample(20_000);
        Assert.True((draws.T.cov() - eye(2, dtype: float64)).abs().max().ToDouble() < 0.05);
    }

    [Fact]
    public void A_linear_map_of_a_standard_normal_has_the_density_of_its_mean_and_covariance() =>
        Gen.Select(Gen.Double[-0.9, 0.9].Array[9], Gen.Double[-3, 3].Array[3]).Sample((entries, shift) =>
        {
            using var scope = NewDisposeScope();
            Tensor b = tensor(entries).reshape(3, 3) + 3 * eye(3, dtype: float64), a = tensor(shift);
            var flow = new Flow(new SmoothMap(y => linalg.solve(b, (y - a).T).T, x => a + x.matmul(b.T)), new StandardNormal(3));
            var y = a + randn(20, 3, dtype: float64);
            Assert.True((flow.LogProb(y) - new MultivariateNormal(a, b.matmul(b.T)).to(float64).LogProb(y)).abs().max().ToDouble() < 1e-8);
        }, iter: 20);

    [Fact]
    public void A_location_scale_family_shifts_and_stretches_its_density_without_a_second_division_by_the_scale()
    {
        // g(y) = f((y - a) / b) / |b| and x = (y - a) / b: with y = B x + a the inverse is B⁻¹ (y - a), and dividing that by b again is wrong.
        var flow = Line(y => (y - 2) / -3, x => 2 - 3 * x, new StandardNormal(1));
        foreach (double y in (double[])[-5, 0, 2, 4.5]) Near(Phi((y - 2) / 3) / 3, Density(flow, y), 1e-14);
        Near(1, AdaptiveQuadrature.Integrate(y => Density(flow, y), -40, 40), 1e-9);
        Assert.True(Math.Abs(Phi((5 - 2) / 9.0) / 3 - Density(flow, 5)) > 0.04);
    }

    [Fact]
    public void The_log_determinant_of_a_coupling_layer_is_how_much_it_stretches_area()
    {
        manual_seed(3);
        var layer = Coupling.WithMlp(Masks.Alternating(2, odd: true), new AffineMap(), hidden: [16]);
        layer.to(float64);
        using (no_grad())
            foreach (var weight in layer.parameters()) weight.add_(randn_like(weight) * 0.4);

        // The image of the square [0, 1/2]² as a polygon, and the integral of exp(log-det) over it.
        using var none = no_grad();
        const int Chords = 300;
        double[] t = [.. Enumerable.Range(0, Chords).Select(k => 0.5 * k / Chords)];
        double[] corners = [.. t.SelectMany(s => (double[])[s, 0]), .. t.SelectMany(s => (double[])[0.5, s]), .. t.SelectMany(s => (double[])[0.5 - s, 0.5]), .. t.SelectMany(s => (double[])[0, 0.5 - s])];
        double[] image = layer.Forward(tensor(corners).reshape(-1, 2)).Z.data<double>().ToArray();
        double area = Math.Abs(image.Chunk(2).Zip(image.Chunk(2).Skip(1).Append(image[..2]), (p, q) => p[0] * q[1] - q[0] * p[1]).Sum()) / 2;
        double integral = Quadrature.Integrate(x => layer.Forward(x).LogDet.exp(), (0, 0.5), (0, 0.5), 200);
        Near(integral, area, 1e-5 * integral);

        var at = tensor(new double[,] { { 0.1, 0.1 }, { 0.4, 0.45 } });
        double[] pointwise = layer.Forward(at).LogDet.exp().data<double>().ToArray();
        Assert.Contains(pointwise, one => Math.Abs(one * 0.25 - area) > 1e-3);             // one point's determinant is not enough
    }

    [Fact]
    public void What_is_no_smooth_bijection_is_refused()
    {
        Tensor x = randn(3, 2), parameter = ones(3, 2).requires_grad_();
        Refused<ArgumentException>("same shape", () => new SmoothMap(x => x.sum(1), z => z).Forward(x));
        Refused<ArgumentException>("differentiable", () => SmoothMap.Jacobian(x => x.detach(), x));
        Refused<ArgumentException>("differentiable", () => SmoothMap.Jacobian(_ => parameter * 2, x));            // it has a gradient, of something else
        Refused<ArgumentException>("complex", () => new SmoothMap(x => complex(x, x), x => x).Forward(x));
        Refused<ArgumentException>("map gave null", () => SmoothMap.Jacobian(_ => null!, x));
        Refused<ArgumentException>("one dimension at least", () => SmoothMap.Jacobian(x => x, zeros(2, 0)));
        Refused<ArgumentException>("int64", () => SmoothMap.Jacobian(x => x * 2, ones(3, 2, dtype: int64)));
        Refused<ArgumentException>("expected (B, *)", () => SmoothMap.Jacobian(x => x, randn(3)));
        Assert.Throws<ArgumentNullException>("inverse", () => new SmoothMap(x => x, null!));
    }

    private static Case Find(string name) => Cases.Single(one => one.Name == name);

    private static Flow Line(Func<Tensor, Tensor> toBase, Func<Tensor, Tensor> fromBase, Distribution @base) => new(new SmoothMap(toBase, fromBase), @base);

    private static double Density(Flow law, double y)
    {
        using var scope = NewDisposeScope();
        return law.LogProb(tensor([y], dtype: float64).reshape(1, 1)).exp().ToDouble();
    }

    // x³ + x = y, by Cardano in hyperbolic form.
    private static double CubeRoot(double y) => 2 / Root3 * Math.Sinh(Math.Asinh(1.5 * Root3 * y) / 3);

    private static Tensor Cube(Tensor y) => 2 / Root3 * ((1.5 * Root3 * y).asinh() / 3).sinh();

    private static double Phi(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(Math.Tau);

    private static double NormalCdf(double x) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, x);
}
