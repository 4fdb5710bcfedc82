using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>A tail of a <see cref="TailedMargin"/>: P(Y > y) = share · S(y) for the excess y >= 0 over the threshold, outwards.</summary>
/// <remarks>
/// S is that of a <see cref="GeneralizedPareto"/> law of xi and beta; with xi = 0 where the belief is <see cref="TailBelief.Exponential"/>. With <see cref="TailBelief.Gaussian"/> the tail is that of a normal law of standard
/// deviation beta whose tail beyond the threshold has just that share, so that only beta is fitted.
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// var tail = TailedMargin.Fit(StockReturns.Load()["DAX"]).Lower;
/// Console.WriteLine($"{tail.Count} losses over {-100 * tail.Threshold:F1} %, xi = {tail.Xi:F2} ± {tail.XiStandardError:F2}");
/// // => 93 losses over 1.6 %, xi = 0.14 ± 0.12
/// </code></example>
public sealed record MarginTail
{
    internal MarginTail(TailBelief belief, double threshold, double[] excesses, double share)
    {
        (Belief, Threshold, Share, Count) = (belief, threshold, share, excesses.Length);
        switch (belief)
        {
            case TailBelief.Pareto:
                var fit = ParetoLikelihood.Maximize(excesses);
                (Xi, Beta, XiStandardError, BetaStandardError) = (fit.Xi, fit.Beta, fit.XiStandardError, fit.BetaStandardError);
                break;
            case TailBelief.Exponential:
                Beta = excesses.Average();
                BetaStandardError = Beta / Math.Sqrt(Count);
                break;
            default:
                // sum of ln phi(a + y w) + ln w is greatest at the positive root of w² sum y² + w a sum y = k, w = 1 / beta.
                double a = Score(share), first = a * excesses.Sum(), second = excesses.Sum(y => y * y);
                double w = 2 * Count / (first + Math.Sqrt(first * first + 4 * second * Count));
                Beta = 1 / w;
                BetaStandardError = 1 / (w * w * Math.Sqrt(Count / (w * w) + second));
                break;
        }
    }

    /// <summary>How it falls off.</summary>
    public TailBelief Belief { get; }

    /// <summary>Where it begins.</summary>
    public double Threshold { get; }

    /// <summary>Its mass: the share of the data beyond the threshold.</summary>
    public double Share { get; }

    /// <summary>Data beyond the threshold, k.</summary>
    public int Count { get; }

    /// <summary>xi, the shape: 1 / xi is the tail index where xi > 0; 0 of other beliefs than <see cref="TailBelief.Pareto"/>.</summary>
    public double Xi { get; }

    /// <summary>beta, the scale; with <see cref="TailBelief.Gaussian"/> the standard deviation of the normal law.</summary>
    public double Beta { get; }

    /// <summary>The standard error of xi, 0 where it is not fitted; NaN for xi &lt;= -1/2.</summary>
    public double XiStandardError { get; }

    /// <summary>The standard error of beta.</summary>
    public double BetaStandardError { get; }

    /// <summary>The density at the threshold.</summary>
    internal double Density => Belief == TailBelief.Gaussian ? Math.Exp(Score(Share) * Score(Share) / -2) / (Beta * Math.Sqrt(2 * Math.PI)) : Share / Beta;

    /// <summary>The greatest excess there can be.</summary>
    internal double End => Xi < 0 ? -Beta / Xi : double.PositiveInfinity;

    /// <summary>ln P(Y > y), y >= 0.</summary>
    internal Tensor LogTail(Tensor y) => Law.LogTails(y, Theta(y)).Above + Shift;

    /// <summary>ln of the density at y >= 0.</summary>
    internal Tensor LogDensity(Tensor y) => Law.LogProb(y, Theta(y)) + Shift;

    /// <summary>The y with P(Y > y) = q, q in (0, share].</summary>
    internal Tensor Quantile(Tensor q) => Law.QuantileCore(q * Math.Exp(-Shift), Theta(q), upper: true).clamp_min(0);

    private Family Law => Belief == TailBelief.Gaussian ? new Normal() : new GeneralizedPareto();

    private double Shift => Belief == TailBelief.Gaussian ? 0 : Math.Log(Share);

    private Tensor Theta(Tensor like)
    {
        double first = Belief == TailBelief.Gaussian ? -Score(Share) * Beta : Xi;
        return tensor([first, Math.Log(Beta)], dtype: float64, device: like.device).unsqueeze(0);        // (1, P)
    }

    /// <summary>The standard normal law's tail beyond this has that mass.</summary>
    private static double Score(double share) => -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, share);
}
