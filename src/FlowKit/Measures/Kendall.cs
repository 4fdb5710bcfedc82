namespace FlowKit.Measures;

/// <summary>Kendall's distribution K(t) = P(F(X) &lt;= t) of the joint distribution function F at its own random vector X. Each F_i(X_i) is uniform; F(X) is not.</summary>
/// <remarks>Genest, Rivest 1993, J. Amer. Statist. Assoc. 88, 1034-1043.</remarks>
/// <example><code>
/// using FlowKit.Measures;
///
/// manual_seed(0);
/// double[] w = Kendall.Pseudo(randn(2000, 2));                                   // F(X) of 2000 independent pairs
/// double share = w.Count(value => value &lt;= 0.5) / 2000.0;
/// Console.WriteLine($"{Kendall.Independent(0.5):F4}");                   // => 0.8466
/// Console.WriteLine(Math.Abs(share - Kendall.Independent(0.5)) &lt; 0.02);  // => True
/// </code></example>
public static class Kendall
{
    /// <summary>K(t) of d independent components: t times the sum of (-ln t)^k / k! over k &lt; d. For d = 2, t - t ln t; for d = 1, uniform.</summary>
    /// <param name="t">0 to 1; values outside are clipped.</param>
    /// <param name="dimensions">d >= 1.</param>
    public static double Independent(double t, int dimensions = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (t <= 0) return 0;
        if (t >= 1) return 1;
        double term = t, sum = t;
        for (int k = 1; k < dimensions && term > 0; k++) sum += term *= -Math.Log(t) / k;
        return sum;
    }

    /// <summary>Kendall's distribution of draws: for each, the share of the draws that lie below it in every component, ascending.</summary>
    /// <param name="x">(N, D), both at least 1, without NaN.</param>
    /// <returns>The N values W_i of the empirical F; the share of them up to t estimates K(t).</returns>
    /// <exception cref="ArgumentException">x is not such a table of numbers.</exception>
    public static double[] Pseudo(Tensor x)
    {
        Guard.Batch(x, [-1]);
        Guard.Number(x);
        using var scope = NewDisposeScope();
        if (x.numel() == 0) throw new ArgumentException($"Draws are at least one row of at least one component; x has shape {Guard.Describe(x)}.", nameof(x));
        if (x.isnan().any().ToBoolean()) throw new ArgumentException("A draw that is NaN is neither below nor above another; x holds NaN.", nameof(x));
        long count = x.size(0);
        var parts = Enumerable.Range(0, (int)((count + 511) / 512)).Select(i => x.narrow(0, i * 512, Math.Min(512, count - i * 512)))
            .Select(rows => x.unsqueeze(0).le(rows.unsqueeze(1)).all(2).sum(1, type: float64) / count);   // (rows)
        return [.. cat(parts.ToArray()).data<double>().ToArray().Order()];
    }
}
