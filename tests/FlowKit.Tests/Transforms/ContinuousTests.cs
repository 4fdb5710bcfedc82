using FlowKit.Conditioners;
using FlowKit.Data;
using FlowKit.Distributions;
using FlowKit.Measures;
using FlowKit.Transforms;
using static FlowKit.Laws.Expect;

namespace FlowKit.Tests.Transforms;

public class ContinuousTests
{
    [Fact]
    public void A_linear_differential_equation_has_the_matrix_exponential_as_its_flow()
    {
        manual_seed(1);
        var a = randn(3, 3, float64);
        var (x, time) = (randn(20, 3, float64), 0.7);
        var (z, logDet) = OdeFlow.Along(3, (z, t) => z.mm(a.t()), time, steps: 100).Forward(x);
        Assert.InRange(Distance(z, x.mm(linalg.matrix_exp(a * time).t())), 0, 1e-8);
        Assert.InRange(Distance(logDet, full(20, time * a.trace().ToDouble(), dtype: float64)), 0, 1e-12);
    }

    [Fact]
    public void Log_q_along_a_differential_equation_is_that_of_the_push_forward()
    {
        // A normal law pushed by a linear flow is normal: covariance E Eᵀ.
        manual_seed(2);
        var a = randn(2, 2, float64);
        var e = linalg.matrix_exp(a);
        var q = new Flow(OdeFlow.Along(2, (z, t) => z.mm(a.t()), steps: 100).Inverted, new StandardNormal(2));
        q.to(float64);
        var (x, logQ) = q.SampleWithLogProb(50);
        var exact = new MultivariateNormal(zeros(2, dtype: float64), e.mm(e.t()));
        exact.to(float64);
        Assert.InRange(Distance(logQ, exact.LogProb(x)), 0, 1e-6);

        // A curved one: the determinant of the map's own Jacobian.
        var curved = OdeFlow.Along(2, Turn, steps: 100);
        var z = randn(20, 2, float64);
        Assert.InRange(Distance(curved.Forward(z).LogDet, linalg.slogdet(SmoothMap.Jacobian(z => curved.Forward(z).Z, z)).Item2), 0, 1e-6);

        static Tensor Turn(Tensor z, double t) => z.flip(1).sin() * (1 + t) - z * 0.5;
    }

    [Fact]
    public void Halving_the_step_of_a_differential_equation_divides_its_error_by_sixteen()
    {
        var x = tensor(new[] { 0.3, -1, 1.2, 0.4 }, [2, 2]);
        var (exact, logDet) = Run(400);
        double Error(int steps) => Run(steps) is var (z, volume) ? Math.Max(Distance(z, exact), Distance(volume, logDet)) : double.NaN;
        Assert.InRange(Error(10) / Error(20), 12, 20);
        Assert.InRange(Error(20) / Error(40), 12, 20);

        (Tensor, Tensor) Run(int steps) => OdeFlow.Along(2, (z, t) => z.flip(1).sin() * (1 + t) + z.square() * 0.1, steps: steps).Forward(x);
    }

    [Fact]
    public void A_field_that_does_not_move_keeps_points_and_volume()
    {
        var x = randn(4, 2);
        foreach (Func<Tensor, double, Tensor> field in (Func<Tensor, double, Tensor>[])[(z, _) => zeros_like(z), (z, _) => z * 0])
        {
            var (z, logDet) = OdeFlow.Along(2, field).Forward(x);
            Assert.Equal(0, Distance(z, x));
            Assert.Equal(0, logDet.abs().max().ToDouble());
        }
        using var none = no_grad();
        var (moved, volume) = OdeFlow.Along(1, (z, _) => z, steps: 50).Forward(ones(1, 1, dtype: float64));
        Assert.Equal(Math.E, moved.ToDouble(), 1e-7);
        Assert.Equal(1, volume.ToDouble(), 1e-12);
    }

    [Fact]
    public void The_error_of_the_energy_falls_with_the_square_of_the_step()
    {
        manual_seed(3);
        var x = randn(200, 4, float64);
        double[] steps = [0.02, 0.01, 0.005, 0.0025];
        double[] errors = [.. steps.Select(Error)];
        double slope = Math.Log(errors[0] / errors[^1]) / Math.Log(steps[0] / steps[^1]);
        Assert.InRange(slope, 1.9, 2.1);

        double Error(double h)
        {
            var flow = new Leapfrog(2, z => -PlaneEnergy.U1.LogDensity(z), h, (int)Math.Round(0.4 / h));
            var start = x * 0.3 + tensor(new[] { 1.8, 0, 0, 0 });
            return (flow.Hamiltonian(flow.Forward(start).Z) - flow.Hamiltonian(start)).abs().mean().ToDouble();
        }
    }

    [Fact]
    public void Leapfrog_preserves_volume_and_turns_back_with_the_momenta()
    {
        manual_seed(4);
        var flow = new Leapfrog(2, z => z.pow(4).sum(1) / 4 + (z.select(1, 0) * z.select(1, 1)).cos(), step: 0.05, steps: 20);
        var x = randn(50, 4, float64);
        var (y, logDet) = flow.Forward(x);
        Assert.Equal(0, logDet.abs().max().ToDouble());
        Assert.InRange((linalg.det(SmoothMap.Jacobian(x => flow.Forward(x).Z, x)) - 1).abs().max().ToDouble(), 0, 1e-12);

        var flip = tensor(new[] { 1.0, 1, -1, -1 });
        Assert.InRange(Distance(flow.Forward(y * flip).Z * flip, x), 0, 1e-12);
        Assert.InRange(Distance(flow.Inverse(y).X, x), 0, 1e-12);
    }

    [Fact]
    public void Gradients_reach_the_parameters_of_an_energy()
    {
        var x = tensor(new[,] { { 1.0, 0.5 } });
        var stiffness = tensor(2.0).requires_grad_();
        var sum = At(stiffness);
        Assert.True(sum.requires_grad);                                       // without it, grad would end the process
        double exact = autograd.grad([sum], [stiffness])[0].ToDouble();
        using var none = no_grad();
        Assert.Equal((At(tensor(2 + 1e-5)) - At(tensor(2 - 1e-5))).ToDouble() / 2e-5, exact, 1e-8);

        Tensor At(Tensor k) => new Leapfrog(1, z => k * z.square().sum(1) / 2, step: 0.1, steps: 3).Forward(x).Z.sum();
    }

    [Fact]
    public void A_trained_differential_equation_learns_a_shift()
    {
        manual_seed(5);
        var q = new Flow(new OdeFlow(1, (inputs, outputs) => new Mlp(inputs, outputs, [8], activation: Activation.Tanh), steps: 4), new StandardNormal(1));
        var x = randn(200, 1) + 1;
        double before = -q.LogProb(x).mean().ToDouble();
        FlowKit.Training.Trainer.Fit(q, x, options: new() { Steps = 60, LearningRate = 2e-2, Threads = 1 });
        Assert.InRange(-q.LogProb(x).mean().ToDouble(), 1.2, before - 0.3);
    }

    [Fact]
    public void Settings_out_of_range_and_fields_that_do_not_fit_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("features", () => OdeFlow.Along(0, (z, t) => z));
        Assert.Throws<ArgumentOutOfRangeException>("time", () => OdeFlow.Along(1, (z, t) => z, time: -1));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => OdeFlow.Along(1, (z, t) => z, steps: 0));
        Assert.Throws<ArgumentNullException>("field", () => OdeFlow.Along(1, null!));
        Assert.Contains("(5, 1)", Assert.Throws<ArgumentException>("field", () => OdeFlow.Along(2, (z, t) => z[.., ..1]).Forward(randn(5, 2))).Message);
        Assert.Throws<ArgumentException>("network", () => new OdeFlow(2, (inputs, outputs) => new Mlp(2, 2, [])));

        Assert.Throws<ArgumentOutOfRangeException>("step", () => new Leapfrog(1, z => z.sum(1), step: 0, steps: 1));
        Assert.Throws<ArgumentOutOfRangeException>("steps", () => new Leapfrog(1, z => z.sum(1), step: 0.1, steps: 0));
        Assert.Throws<ArgumentNullException>("energy", () => new Leapfrog(1, null!, step: 0.1, steps: 1));
        Assert.Contains("(5, 2)", Assert.Throws<ArgumentException>("energy", () => new Leapfrog(2, z => z, step: 0.1, steps: 1).Forward(randn(5, 4))).Message);
        Assert.Contains("no gradient", Assert.Throws<ArgumentException>("energy", () => new Leapfrog(2, z => zeros(z.size(0)), step: 0.1, steps: 1).Forward(randn(5, 4))).Message);
        Assert.Contains("(B, 4)", Assert.Throws<ArgumentException>("x", () => new Leapfrog(2, z => z.sum(1), step: 0.1, steps: 1).Hamiltonian(randn(5, 3))).Message);
    }
}
