using FlowKit.Laws;

namespace FlowKit.Copulas;

/// <summary>How far one margin of draws on the unit cube is from uniform, by the test of Kolmogorov and Smirnov: a model of a copula need not have the margins of one.</summary>
/// <param name="Distance">D, the largest difference between the draws' distribution function and the uniform one, in [0, 1].</param>
/// <param name="PValue">The probability of a larger one for as many independent uniform draws, in [0, 1].</param>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var u = rand(1000, 2);
/// u.select(1, 1).sqrt_();                                     // the second margin is not uniform
/// foreach (var margin in MarginUniformity.Of(u)) Console.WriteLine($"{margin.Distance &lt; 0.1} {margin.PValue > 1e-3}");
/// // => True True
/// // => False False
/// </code></example>
public sealed record MarginUniformity(double Distance, double PValue)
{
    /// <summary>One test for each column.</summary>
    /// <param name="draws">(n, D), n >= 1, independent rows.</param>
    /// <exception cref="ArgumentException">The draws are no matrix of numbers, or there are none.</exception>
    public static IReadOnlyList<MarginUniformity> Of(Tensor draws)
    {
        Guard.Number(draws);
        if (draws.Dimensions != 2 || draws.numel() == 0) throw new ArgumentException($"draws has shape {Guard.Describe(draws)}; expected (n, D) with at least one row and column.", nameof(draws));
        using var scope = NewDisposeScope();
        double root = Math.Sqrt(draws.size(0));
        return [.. draws.unbind(1).Select(column => Kolmogorov.Statistic(column, u => u.clamp(0, 1))).Select(statistic => new MarginUniformity(statistic / root, Kolmogorov.Tail(statistic)))];
    }
}
