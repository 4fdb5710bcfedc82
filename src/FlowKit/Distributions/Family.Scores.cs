namespace FlowKit.Distributions;

public abstract partial record Family
{
    private const double MostLogit = 700;     // of a normal score of 37, beyond which probabilities underflow
    private protected const double MostScore = 37;

    /// <summary>Phi⁻¹(F(x; theta)) of every element, a standard normal number where x follows the law. By the logits of both tails, so that neither loses digits. x and theta are float64, x finite.</summary>
    internal virtual Tensor NormalScore(Tensor x, Tensor theta)
    {
        var (below, above) = LogTails(x, theta);
        return Normal.QuantileOfLogit((below - above).clamp(-MostLogit, MostLogit));
    }

    /// <summary>The x with that normal score, F⁻¹(Phi(score); theta), in float64. Gradients flow to both.</summary>
    internal virtual Tensor FromNormalScore(Tensor score, Tensor theta)
    {
        var upper = score.gt(0);
        var tail = SpecialFunctions.LogNormalTail(where(upper, score, -score)).exp();            // at most 1/2
        return where(upper, QuantileCore(tail, theta, upper: true), QuantileCore(tail, theta, upper: false));
    }
}
