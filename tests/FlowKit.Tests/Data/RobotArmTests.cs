using FlowKit.Data;

namespace FlowKit.Tests.Data;

public class RobotArmTests
{
    // By another program: Gauss-Legendre quadrature of 200 x 200 points, checked by 2e7 simulations.
    public static TheoryData<ArmAngles, double, double, double, double[], double[]> Known => new()
    {
        { ArmAngles.RunningSums, 0, 1.5, 0.013137, [.3525, .7927, .6166, 1.1868], [.300, -.421, -.435, -.745, -.839, .342] },
        { ArmAngles.RunningSums, 0.5, 1.7, 0.313808, [.2320, .4603, .5043, .6242], [-.356, .013, .121, -.667, -.517, -.241] },
        { ArmAngles.Differences, 0, 1.5, 0.256329, [.3164, .5795, .7235, .4165], [.276, .374, -.151, -.463, .564, .109] },
        { ArmAngles.Differences, 0.5, 1.7, 0.684785, [.1776, .3351, .3935, .3884], [] },
    };

    [Theory, MemberData(nameof(Known))]
    public void The_posterior_has_the_known_evidence_deviations_and_correlations(ArmAngles angles, double y1, double y2, double evidence, double[] deviations, double[] correlations)
    {
        var posterior = new RobotArm(angles).Posterior(y1, y2);
        Assert.Equal(evidence, Math.Exp(posterior.LogEvidence), tolerance: 1e-6);
        Assert.Equal(deviations, posterior.StandardDeviation.data<double>(), (one, other) => Math.Abs(one - other) <= 6e-5);
        if (correlations.Length == 0) return;
        double[] all = [.. new[] { (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3) }.Select(pair => posterior.Correlation[pair.Item1, pair.Item2].ToDouble())];
        Assert.Equal(correlations, all, (one, other) => Math.Abs(one - other) <= 6e-4);
    }

    [Theory]
    [InlineData(ArmAngles.RunningSums, new[] { -.1872, .1022, .2358, .1944 })]
    [InlineData(ArmAngles.Differences, new[] { .0472, -.2290, -.1102, .2122 })]
    public void The_posterior_has_the_known_means(ArmAngles angles, double[] means) =>
        Assert.Equal(means, new RobotArm(angles).Posterior(0.5, 1.7).Mean.data<double>(), (one, other) => Math.Abs(one - other) <= 6e-5);

    [Theory]
    [InlineData(0.5, 1.7)]
    [InlineData(0, 1.5)]
    [InlineData(0.3, 0.4)]           // where B may take any direction for some A
    [InlineData(-0.2, -0.5)]
    public void Finer_quadrature_changes_nothing(double y1, double y2)
    {
        var (coarse, fine) = (new RobotArm().Posterior(y1, y2, 100), new RobotArm().Posterior(y1, y2, 240));
        Assert.Equal(fine.LogEvidence, coarse.LogEvidence, tolerance: Math.Abs(y2) < 1 ? 2e-3 : 1e-8);   // a logarithmic corner inside
    }

    [Fact]
    public void Draws_end_at_y_and_have_the_posteriors_moments()
    {
        var arm = new RobotArm();
        var posterior = arm.Posterior(0.5, 1.7);
        const int count = 40_000;
        var draws = posterior.Sample(count, seed: 1);
        Assert.True(arm.Simulate(draws).allclose(tensor(new[,] { { 0.5, 1.7 } }).expand(count, 2), atol: 1e-9));
        var distance = (draws.mean([0]) - posterior.Mean).abs() / (posterior.StandardDeviation / Math.Sqrt(count));
        Assert.True(distance.max().ToDouble() < 4, distance.npstr());
        var ratio = draws.std(dim: 0) / posterior.StandardDeviation - 1;
        Assert.True(ratio.abs().max().ToDouble() < 0.02, ratio.npstr());          // 4 standard errors of a normal's are 0.014
    }

    // p(y) itself, against 4e6 simulations in boxes of y: an oracle that knows nothing of the angles' algebra.
    [Theory]
    [InlineData(ArmAngles.RunningSums)]
    [InlineData(ArmAngles.Differences)]
    public void The_evidence_is_the_share_of_simulations_that_end_near_y(ArmAngles angles)
    {
        manual_seed(3);
        var arm = new RobotArm(angles);
        const double half = 0.02;
        const long each = 500_000, times = 8;
        double near = 0;
        for (int k = 0; k < times; k++)
        {
            using var scope = NewDisposeScope();
            var y = arm.Simulations(each).Y - tensor(new[] { 0.5f, 1.7f });
            near += y.abs().le(half).all(1).sum().ToInt64();
        }
        double expected = Math.Exp(arm.Posterior(0.5, 1.7).LogEvidence) * each * times * 4 * half * half;
        Assert.InRange(near, expected * 0.985 - 4 * Math.Sqrt(expected), expected * 1.015 + 4 * Math.Sqrt(expected));      // p(y) bends within the box
    }

    [Fact]
    public void The_last_joint_is_where_the_arm_ends_and_segments_have_their_lengths()
    {
        manual_seed(0);
        foreach (var angles in Enum.GetValues<ArmAngles>())
        {
            var arm = new RobotArm(angles);
            var x = randn(50, 4, dtype: float64);
            var joints = arm.Joints(x);
            Assert.True(joints.select(1, 3).allclose(arm.Simulate(x)));
            var lengths = joints.diff(dim: 1).square().sum(2).sqrt();
            Assert.True(lengths.allclose(tensor(RobotArm.Lengths.ToArray()).expand(50, 3)));
        }
    }

    [Fact]
    public void Points_out_of_reach_and_wrong_shapes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("y2", () => new RobotArm().Posterior(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>("y2", () => new RobotArm().Posterior(0, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("y1", () => new RobotArm().Posterior(double.PositiveInfinity, 1));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => new RobotArm().Posterior(0, 1, resolution: 5));
        Assert.Throws<ArgumentOutOfRangeException>("resolution", () => new RobotArm().Posterior(0, 1, resolution: 401));
        Assert.Throws<ArgumentOutOfRangeException>("angles", () => new RobotArm((ArmAngles)7));
        Assert.Throws<ArgumentException>("x", () => new RobotArm().Simulate(zeros(3, 5)));
    }
}
