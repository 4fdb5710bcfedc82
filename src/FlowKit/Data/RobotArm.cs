using FlowKit.Distributions;

namespace FlowKit.Data;

/// <summary>An arm of three segments on a rail: x1 is the height of its base, x2, x3, x4 turn its joints, y is where it ends. An inverse problem with a known posterior.</summary>
/// <remarks>
/// <para>y1 = x1 + l1 sin A + l2 sin B + l3 sin G, y2 = l1 cos A + l2 cos B + l3 cos G with lengths (1/2, 1/2, 1) and directions A, B, G by <see cref="ArmAngles"/>; x ~ N(0, diag(1/16, 1/4, 1/4, 1/4)).
/// Ardizzone et al. 2019, arXiv:1808.04730, section 4.1 and appendix. y1 is the axis of the rail.</para>
/// <para>Shapes: x is (B, 4), y (B, 2). Four numbers give two: the posterior given y lies on a surface, and has one or two branches.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var arm = new RobotArm();
/// var (x, y) = arm.Simulations(1000);
/// Console.WriteLine($"{x.size(1)} {y.size(1)}");                        // => 4 2
/// var posterior = arm.Posterior(0.5, 1.7);
/// Console.WriteLine($"{posterior.LogEvidence:F5}");                     // => -1.15897
/// var draws = posterior.Sample(500, seed: 0);
/// Console.WriteLine(arm.Simulate(draws).allclose(tensor(new[,] { { 0.5, 1.7 } }).expand(500, 2)));  // => True
/// </code></example>
/// <param name="angles">How the joints' angles add up.</param>
public sealed class RobotArm(ArmAngles angles = ArmAngles.RunningSums)
{
    private static readonly double[] deviations = [0.25, 0.5, 0.5, 0.5], lengths = [0.5, 0.5, 1];

    /// <summary>How the joints' angles add up.</summary>
    public ArmAngles Angles { get; } = Enum.IsDefined(angles) ? angles : throw new ArgumentOutOfRangeException(nameof(angles), angles, "Expected one of the conventions that have a name.");

    /// <summary>Lengths of the three segments.</summary>
    public static IReadOnlyList<double> Lengths => lengths;

    /// <summary>Standard deviations of x under the prior, whose mean is 0.</summary>
    public static IReadOnlyList<double> PriorDeviations => deviations;

    /// <summary>The prior, N(0, diag(1/16, 1/4, 1/4, 1/4)).</summary>
    public Distribution Prior { get; } = new MultivariateNormal(
        zeros(4, dtype: float32, device: CPU), diag(tensor([.. deviations.Select(sd => (float)(sd * sd))], dtype: float32, device: CPU)));

    /// <summary>y of each x: (B, 4) to (B, 2), with gradients.</summary>
    public Tensor Simulate(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Joints(x).select(1, 3).clone());
    }

    /// <summary>Where the base, both joints and the end are: (B, 4) to (B, 4, 2), of (y1, y2) each.</summary>
    public Tensor Joints(Tensor x)
    {
        Guard.Batch(x, [4]);
        Guard.Floating(x, nameof(RobotArm), float32);
        using var scope = NewDisposeScope();
        Tensor x2 = x.select(1, 1), x3 = x.select(1, 2), x4 = x.select(1, 3);
        var directions = Angles == ArmAngles.RunningSums ? stack([x2, x2 + x3, x2 + x3 + x4], 1) : stack([x2, x3 - x2, x4 - x2 - x3], 1);       // (B, 3)
        var segments = stack([directions.sin(), directions.cos()], 2) * tensor(lengths, dtype: x.dtype, device: x.device).unsqueeze(1);          // (B, 3, 2)
        var start = stack([x.select(1, 0), zeros_like(x2)], 1).unsqueeze(1);
        return scope.MoveToOuter(start + cat([zeros_like(start), segments.cumsum(1)], 1));
    }

    /// <summary>Draws of the prior and where the arm ends for each.</summary>
    /// <param name="count">How many, >= 1.</param>
    public (Tensor X, Tensor Y) Simulations(long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var x = Prior.Sample(count);
        return (x, Simulate(x));
    }

    /// <summary>The exact posterior given (y1, y2).</summary>
    /// <param name="y1">Finite.</param>
    /// <param name="y2">In (-2, 2), within reach.</param>
    /// <param name="resolution">Points along each of two angles, 20 to 400.</param>
    public RobotArmPosterior Posterior(double y1, double y2, int resolution = 200) => new(Angles, y1, y2, resolution);
}
