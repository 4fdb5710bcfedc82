namespace FlowKit.Inference;

/// <summary>Posterior draws sent through the simulator again: do they give back what was observed? The prior, calibrated as it is, fails here.</summary>
/// <remarks>Ardizzone et al. 2019, arXiv:1808.04730 (re-simulation error). An exact posterior does not reach 0 where the simulator has noise: compare with the same number of the exact posterior or of the noise.</remarks>
/// <example><code>
/// // y = x1 x2 without noise: the posterior is a curve. Draws on it, and draws of the prior.
/// manual_seed(0);
/// Func&lt;Tensor, Tensor> simulate = x => x.narrow(1, 0, 1) * x.narrow(1, 1, 1);
/// var truth = rand(200, 2) + 1;
/// var first = rand(200, 50, 1) + 1;
/// var onCurve = cat([first, simulate(truth).unsqueeze(1) / first], dim: 2);
/// Console.WriteLine($"{Resimulation.RootMeanSquare(onCurve, simulate(truth), simulate).Mean:F3}");                    // => 0.000
/// Console.WriteLine(Resimulation.RootMeanSquare(rand(200, 50, 2) + 1, simulate(truth), simulate).Mean > 0.5);  // => True
/// </code></example>
public static class Resimulation
{
    private const long Rows = 65_536;

    /// <summary>The mean of |s(x) - y*|² over posterior draws x, squared Euclidean distance in the units of y, with the standard error that follows from the spread over observations.</summary>
    /// <param name="draws">x, (N, L, ...): L >= 1 draws of each posterior.</param>
    /// <param name="observations">y*, (N, ...), finite, N >= 1.</param>
    /// <param name="simulate">s: parameters (rows, ...) to what one would observe, (rows, ...) of the events of y*.</param>
    /// <exception cref="ArgumentException">Shapes do not fit each other, a number is not finite, or the simulator gives another shape or a number that is not finite.</exception>
    public static Estimate SquaredDistance(Tensor draws, Tensor observations, Func<Tensor, Tensor> simulate)
    {
        using var scope = NewDisposeScope();
        return Estimate.Of(Squares(draws, observations, simulate).sum(1));
    }

    /// <summary>The root of the mean of (s(x) - y*)² over posterior draws x and the numbers of y, in the units of y, with the standard error that follows from the spread over observations.</summary>
    /// <inheritdoc cref="SquaredDistance"/>
    public static Estimate RootMeanSquare(Tensor draws, Tensor observations, Func<Tensor, Tensor> simulate)
    {
        using var scope = NewDisposeScope();
        var square = Estimate.Of(Squares(draws, observations, simulate).mean([1]));
        double root = Math.Sqrt(square.Mean);
        return new(root, square.Mean > 0 ? square.StandardError / (2 * root) : 0, square.Count);
    }

    // The mean over draws of each observed number's squared error, (N, M).
    private static Tensor Squares(Tensor draws, Tensor observations, Func<Tensor, Tensor> simulate)
    {
        ArgumentNullException.ThrowIfNull(simulate);
        Guard.Number(draws);
        Guard.Number(observations);
        if (draws.Dimensions < 3 || draws.numel() == 0) throw new ArgumentException($"draws has shape {Guard.Describe(draws)}; expected (N, L, ...) with at least one draw of each posterior.", nameof(draws));
        if (observations.Dimensions < 2 || observations.size(0) != draws.size(0) || observations.numel() == 0)
            throw new ArgumentException($"observations has shape {Guard.Describe(observations)}; expected ({draws.size(0)}, ...), one for each posterior, as draws has shape {Guard.Describe(draws)}.", nameof(observations));
        Guard.Finite(draws);
        Guard.Finite(observations);

        using var none = no_grad();
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long start = 0, rows = Math.Max(1, Rows / draws.size(1)); start < draws.size(0); start += rows)
        {
            using var part = NewDisposeScope();
            var some = draws.narrow(0, start, Math.Min(rows, draws.size(0) - start));
            var target = observations.narrow(0, start, some.size(0));
            var made = Guard.Made(simulate(some.flatten(0, 1)), nameof(simulate));
            long count = some.size(0) * some.size(1);
            if (!made.shape.SequenceEqual([count, .. target.shape[1..]]))
                throw new ArgumentException($"simulate gave shape {Guard.Describe(made)} for {count} draws; expected {Guard.Describe([$"{count}", .. target.shape[1..].Select(size => $"{size}")])}, as observations has shape {Guard.Describe(observations)}.", nameof(simulate));
            if (!made.isfinite().all().ToBoolean()) throw new ArgumentException("simulate gave a number that is not finite for a draw of the posterior.", nameof(simulate));
            var error = made.to(float64).view([some.size(0), some.size(1), -1]) - target.to(float64).flatten(1).unsqueeze(1);
            parts.Add(part.MoveToOuter(error.square().mean([1])));
        }
        return scope.MoveToOuter(cat(parts, dim: 0));
    }
}
