using static TorchSharp.torch;

namespace FlowKit.Interactive;

public static partial class Figures
{
    private const int ShownArms = 200;

    /// <summary>Arms of straight links in the plane, drawn over each other: draws of a robot arm's posterior.</summary>
    /// <param name="joints">(N, joints, 2): where the base, the joints and the end of each arm are, in this order, at least 2; at most 200 arms, evenly picked, are shown.</param>
    /// <param name="title">Above the picture.</param>
    /// <param name="target">Where arms should end, as a red dot; null: none.</param>
    /// <param name="radius">Of a circle around the target, such as the standard deviation of an observation, >= 0; 0: none.</param>
    /// <exception cref="ArgumentException">The joints have another shape, there is no arm, or the radius is not finite, negative, or has no target.</exception>
    /// <example><code>
    /// // Six links of length 1, each turned by an angle against the one before it.
    /// manual_seed(0);
    /// var angles = randn(30, 6) * 0.3;
    /// var directions = angles.cumsum(1);
    /// var joints = cat([zeros(30, 1, 2), stack([directions.cos(), directions.sin()], dim: 2).cumsum(1)], dim: 1);
    /// Figures.Arms(joints, "Thirty arms", target: (4, 1), radius: 0.2)
    /// </code></example>
    public static Figure Arms(Tensor joints, string title = "", (double X, double Y)? target = null, double radius = 0)
    {
        Require(joints, "(N, joints, 2) with at least 2 joints", joints.dim() == 3 && joints.size(1) >= 2 && joints.size(2) == 2, nameof(joints));
        if (joints.size(0) == 0) throw new ArgumentException($"{nameof(joints)} is empty; at least one arm is needed.", nameof(joints));
        if (!(radius is >= 0 and < double.PositiveInfinity)) throw new ArgumentException(FormattableString.Invariant($"A radius is finite and not negative; it was {radius}."), nameof(radius));
        if (radius > 0 && target is null) throw new ArgumentException("A circle has a target as its middle; there was none.", nameof(radius));

        using var scope = NewDisposeScope();
        int shown = (int)Math.Min(joints.size(0), ShownArms), each = (int)joints.size(1);
        double[] flat = Evenly(joints.detach(), shown).ToDoubles();
        double[][] x = [.. Column(flat, 0).Chunk(each)], y = [.. Column(flat, 1).Chunk(each)];
        List<Layer> layers =
        [
            new Curve([.. x.SelectMany(arm => arm.Append(double.NaN))], [.. y.SelectMany(arm => arm.Append(double.NaN))])
            {
                Color = "#0072b2",
                Opacity = Math.Clamp(8.0 / shown, 0.08, 0.8),
                Width = 1.5,
                PartsAddUp = true,
            },
            new Points([.. x.SelectMany(arm => arm[1..^1])], [.. y.SelectMany(arm => arm[1..^1])]) { Color = "#0072b2", Size = 3, Opacity = 0.5 },
            new Points([.. x.Select(arm => arm[^1])], [.. y.Select(arm => arm[^1])]) { Color = "#e69f00", Size = 5, Opacity = 0.8, OutOf = joints.size(0) },
            new Points([.. x.Select(arm => arm[0])], [.. y.Select(arm => arm[0])]) { Color = "#000000", Size = 5, Opacity = 1 },
        ];
        if (target is var (targetX, targetY))
        {
            double[] turns = [.. Enumerable.Range(0, 91).Select(i => i * Math.Tau / 90)];
            double[] circleX = [.. turns.Select(turn => targetX + radius * Math.Cos(turn))], circleY = [.. turns.Select(turn => targetY + radius * Math.Sin(turn))];
            if (radius > 0) layers.Add(new Curve(circleX, circleY) { Color = "#c0392b", Width = 1.5 });
            layers.Add(new Points([targetX], [targetY]) { Color = "#c0392b", Size = 6, Opacity = 1 });
        }

        return One(new(title, layers) { EqualAspect = true, Width = 360, XLabel = "x", YLabel = "y" });
    }
}
