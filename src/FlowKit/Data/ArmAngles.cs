namespace FlowKit.Data;

/// <summary>How the joint angles x2, x3, x4 of a <see cref="RobotArm"/> add up to the directions of its three segments.</summary>
/// <example><code>
/// var bent = tensor(new[,] { { 0, 0.1, 0.2, 0.3 } });
/// foreach (var angles in new[] { ArmAngles.RunningSums, ArmAngles.Differences })
///     Console.WriteLine($"{angles}: {new RobotArm(angles).Simulate(bent).round(4).npstr()}");
/// // => RunningSums: [[0.7623, 1.8005]]
/// // => Differences: [[0.0998, 1.995]]
/// </code></example>
public enum ArmAngles
{
    /// <summary>x2, x2 + x3, x2 + x3 + x4: each joint turns all that follows it. The map of the authors' later benchmark (Kruse, Ardizzone, Rother, Köthe 2021, arXiv:2101.10763).</summary>
    RunningSums,

    /// <summary>x2, x3 - x2, x4 - x2 - x3, as the appendix of Ardizzone et al. 2019, arXiv:1808.04730, prints them.</summary>
    Differences,
}
