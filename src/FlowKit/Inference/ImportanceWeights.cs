using FlowKit.Distributions;

namespace FlowKit.Inference;

/// <summary>What weights w = p~(x) / q(x) of draws x ~ q tell, given by their logarithms, (S, ...): reduced along the first dimension.</summary>
/// <example><code>
/// // Draws of q = N(0, 2²) stand for draws of p = exp(-x²/2), whose normalizer is sqrt(2 pi).
/// manual_seed(0);
/// var q = new Normal().Fixed(zeros(1), full(1, 2.0));
/// var x = q.Sample(10_000);
/// var logWeights = x.square().sum(1) * -0.5 - q.LogProb(x);
/// Console.WriteLine($"{ImportanceWeights.LogMean(logWeights).ToDouble():F2}, {Math.Log(2 * Math.PI) / 2:F2}");  // => 0.92, 0.92
/// Console.WriteLine($"{ImportanceWeights.EffectiveSampleSize(logWeights).ToDouble():F2}");  // => 0.66
/// </code></example>
public static class ImportanceWeights
{
    /// <summary>ln of the mean weight, (...): an estimate of ln Z, or of log p(x), from below in expectation.</summary>
    public static Tensor LogMean(Tensor logWeights)
    {
        Check(logWeights);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(SpecialFunctions.LogSumExp(logWeights, 0) - Math.Log(logWeights.size(0)));
    }

    /// <summary>(sum w)² / (S sum w²), (...): the fraction of S draws that as many draws of p itself would be worth; 1 for q = p, 1 / S at worst, 0 if every weight is 0.</summary>
    public static Tensor EffectiveSampleSize(Tensor logWeights)
    {
        Check(logWeights);
        using var scope = NewDisposeScope();
        var nothing = logWeights.eq(double.NegativeInfinity).all(0);
        var w = logWeights.masked_fill(nothing.unsqueeze(0), 0);
        var logFraction = w.logsumexp(0) * 2 - (w * 2).logsumexp(0) - Math.Log(logWeights.size(0));
        return scope.MoveToOuter(logFraction.exp().masked_fill(nothing, 0));
    }

    private static void Check(Tensor logWeights)
    {
        Guard.Number(logWeights);
        if (logWeights.Dimensions == 0 || logWeights.size(0) == 0)
            throw new ArgumentException($"logWeights has shape {Guard.Describe(logWeights)}; expected (S, ...) with at least one draw.", nameof(logWeights));
    }
}
