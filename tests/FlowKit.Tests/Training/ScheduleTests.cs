using FlowKit.Models;
using FlowKit.Training;

namespace FlowKit.Tests.Training;

public class ScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 0)]
    public void The_cosine_falls_from_1_to_0(double t, double factor) => Assert.Equal(factor, Schedule.Cosine.Factor(t), 1e-15);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.49, 1)]
    [InlineData(0.5, 0.1)]
    [InlineData(0.74, 0.1)]
    [InlineData(0.75, 0.01)]
    [InlineData(1, 0.01)]
    public void Steps_multiply_where_they_are(double t, double factor) => Assert.Equal(factor, Schedule.Step(0.1, 0.75, 0.5).Factor(t), 1e-15);

    [Fact]
    public void A_warm_up_rises_and_then_gives_the_whole_schedule()
    {
        var schedule = Schedule.Cosine.AfterWarmUp(0.2);
        Assert.Equal([0, 0.5, 1, 0.5, 0], new[] { 0, 0.1, 0.2, 0.6, 1 }.Select(t => Math.Round(schedule.Factor(t), 12)));
    }

    [Fact]
    public void A_product_multiplies_factors() =>
        Assert.Equal(0.5 * 0.1, (Schedule.Cosine * Schedule.Step(0.1, 0.3)).Factor(0.5), 1e-15);

    [Fact]
    public void A_plateau_lowers_the_rate_after_so_many_evaluations_without_a_new_best()
    {
        // The loss of validation is told, not measured: a best, then three plateaus of two evaluations each.
        double[] told = [5, 6, 6, 6, 6, 4, 5, 5];
        double[] factors = [1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125];
        manual_seed(1);
        var x = new TorchSharp.Modules.Parameter(zeros(1, dtype: float64));
        var module = new Holder(x);
        int evaluations = 0;
        var moves = new List<double>();
        double before = 0;
        Trainer.Fit(module, () => -module.X.sum(), new()
        {
            Steps = 16,
            EvaluateEvery = 2,
            Optimizer = Optimizer.Sgd(momentum: 0),
            LearningRate = 1,
            GradientClip = double.PositiveInfinity,
            Schedule = Schedule.Plateau(0.5, patience: 2),
            Threads = 1,
            AfterStep = _ =>
            {
                double now = module.X.sum().ToDouble();
                moves.Add(now - before);
                before = now;
            },
        }, () => told[evaluations++]);
        Assert.Equal(factors[..^1].Prepend(1).SelectMany(factor => new[] { factor, factor }), moves);
    }

    [Fact]
    public void A_plateau_needs_a_validation_set() =>
        Assert.Contains("needs a validation set", Assert.Throws<ArgumentException>("options", () => Trainer.Fit(RealNvp.Create(2, layers: 1, hidden: [4]), randn(9, 2), options: new() { Schedule = Schedule.Cosine * Schedule.Plateau() })).Message);

    [Fact]
    public void Numbers_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => Schedule.Step(1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>("at", () => Schedule.Step(0.5, 0.5, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => Schedule.Plateau(0));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => Schedule.Plateau(0.5, 0));
        Assert.Throws<ArgumentOutOfRangeException>("fraction", () => Schedule.Cosine.AfterWarmUp(1));
        Assert.Throws<ArgumentException>("right", () => Schedule.Plateau() * Schedule.Plateau());
    }

    private sealed class Holder : nn.Module
    {
        public Holder(TorchSharp.Modules.Parameter x) : base("holder") => register_parameter("x", X = x);

        public TorchSharp.Modules.Parameter X { get; }
    }
}
