using System.Globalization;
using FlowKit.Distributions;
using FlowKit.Integration;

namespace FlowKit.Inference;

/// <summary>What a model is trained on: the two directions of KL, and bounds of a marginal likelihood. All in nats, as scalars with gradients unless a shape is given.</summary>
/// <example><code>
/// manual_seed(0);
/// var target = new Banana();
/// var q = RealNvp.Create(features: 2, layers: 4, hidden: [32]);
/// double Reverse() { using (no_grad()) return Objectives.ReverseKl(q, x => target.LogProb(x), draws: 2000).ToDouble(); }
///
/// double before = Reverse();
/// Trainer.Fit(q, () => Objectives.ReverseKl(q, x => target.LogProb(x), draws: 128), new() { Steps = 100, LearningRate = 1e-2 });
/// Console.WriteLine(Reverse() &lt; before / 2);  // => True
/// </code></example>
public static class Objectives
{
    /// <summary>Forward KL up to the data's entropy: KL(data || model) = -H + this, this = -E_data[log p(x | c)]. To minimize: maximum likelihood.</summary>
    /// <param name="model">p.</param>
    /// <param name="x">Examples, (B, ...).</param>
    /// <param name="context">One row an example, for a conditional model.</param>
    public static Tensor ForwardKl(Distribution model, Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Guard.Batch(x, model.EventShape);
        if (x.size(0) == 0) throw new ArgumentException("x holds no examples: their mean is no number.", nameof(x));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(-model.LogProb(x, context).mean());
    }

    /// <summary>Reverse KL by draws of the model: KL(q || p) = E_q[log q(x) - log p~(x)] + ln Z for an unnormalized target p~ = Z p. To minimize: variational inference.</summary>
    /// <remarks>An unbiased estimate with gradients through the draws (the reparameterization trick). It prefers to miss a mode of p rather than to cover a gap: check the modes' masses.</remarks>
    /// <param name="q">The model, whose draws must carry gradients.</param>
    /// <param name="logTarget">log p~, (B, ...) to (B).</param>
    /// <param name="draws">How many, >= 1.</param>
    /// <param name="logNormalizer">ln Z where it is known, as by <see cref="QuadratureRule.LogNormalizer"/>; without it the value is KL - ln Z.</param>
    /// <param name="context">One row a draw, (draws, C), for a conditional model.</param>
    /// <param name="targetWeight">beta in E_q[log q(x) - beta log p~(x)], beta >= 0: the divergence from p~ to the power beta, which is flatter for beta &lt; 1. A warm-up raises it
    /// to 1 while q is trained, so that q finds every mode before it settles (Rezende, Mohamed 2015, arXiv:1505.05770, section 6). At 0 the target counts nowhere, also where it has no mass.</param>
    /// <exception cref="ArgumentException">Gradients are wanted and do not flow through draws of q: the estimate would have the wrong ones. Or the target is no log-density: it is NaN or +inf at
    /// a finite point, which the message names. -inf, where the target has no mass, makes the divergence infinite.</exception>
    public static Tensor ReverseKl(
        Distribution q, Func<Tensor, Tensor> logTarget, long draws, double logNormalizer = 0, Tensor? context = null, double targetWeight = 1)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(logTarget);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (!(targetWeight >= 0) || !double.IsFinite(targetWeight)) throw new ArgumentOutOfRangeException(nameof(targetWeight), targetWeight, "Expected a finite number >= 0.");
        if (is_grad_enabled() && !q.IsReparameterized)
            throw new ArgumentException($"Gradients do not flow through draws of {q.GetName()}, so that reverse KL would have the wrong ones. Use a reparameterized distribution, or no_grad() for the value alone.", nameof(q));

        using var scope = NewDisposeScope();
        var (x, logQ) = q.SampleWithLogProb(draws, context);
        var logP = Guard.Made(logTarget(x), nameof(logTarget));
        if (logP.Dimensions != 1 || logP.size(0) != draws)
            throw new ArgumentException($"logTarget gave shape {Guard.Describe(logP)} for {draws} points; expected ({draws},).", nameof(logTarget));
        CheckLogDensity(x, logP, nameof(logTarget));
        return scope.MoveToOuter((targetWeight == 0 ? logQ : logQ - logP * targetWeight).mean() + logNormalizer);          // 0 times -inf is 0
    }

    /// <summary>Refuses NaN and +inf at finite points. At points that are not finite, the model is what failed.</summary>
    internal static void CheckLogDensity(Tensor x, Tensor logP, string name)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double sum = logP.sum().ToDouble();
        if (double.IsFinite(sum) || double.IsNegativeInfinity(sum)) return;

        var wrong = logP.isnan().logical_or(logP.eq(double.PositiveInfinity)).logical_and(x.isfinite().flatten(1).all(1)).nonzero().flatten();
        if (wrong.size(0) == 0) return;
        long row = wrong[0].ToInt64();
        string point = string.Join(", ", x[row].flatten().to(float64).cpu().data<double>().ToArray().Take(8).Select(value => value.ToString("G5", CultureInfo.InvariantCulture)));
        throw new ArgumentException(
            $"{name} is {logP[row].ToDouble().ToString(CultureInfo.InvariantCulture)} at ({point}{(x.numel() / x.size(0) > 8 ? ", ..." : "")}), row {row}; expected a log-density: a finite number, or -inf where there is no mass.", name);
    }

    /// <summary>The evidence lower bound of log p(x) from S draws z_s ~ q(z | x): the mean of log p(x, z_s) - log q(z_s | x). To maximize.</summary>
    /// <param name="logJoint">log p(x, z_s), (S, ...), the draws along the first dimension: (S) for one x, (S, B) for a batch.</param>
    /// <param name="logQ">log q(z_s | x), of the same shape.</param>
    /// <returns>One a batch element, (...).</returns>
    public static Tensor Elbo(Tensor logJoint, Tensor logQ)
    {
        CheckDraws(logJoint, logQ);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((logJoint - logQ).mean([0]));
    }

    /// <summary>The importance-weighted bound ln (1/S sum of p(x, z_s) / q(z_s | x)): in expectation it is the ELBO for S = 1, grows with S, and tends to log p(x). To maximize.</summary>
    /// <remarks>Burda et al. 2016, arXiv:1509.00519, eq. 8. Its exponential, unlike itself, is unbiased for p(x).</remarks>
    /// <inheritdoc cref="Elbo"/>
    public static Tensor ImportanceWeighted(Tensor logJoint, Tensor logQ)
    {
        CheckDraws(logJoint, logQ);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(ImportanceWeights.LogMean(logJoint - logQ));
    }

    /// <summary>The importance-weighted bound of a model with noise of its own, as a dequantized flow: ln (1/S sum of exp of S log-probs of x, each with new noise). In expectation it is the bound
    /// <see cref="Distribution.LogProb"/> gives for S = 1, grows with S, and tends to log P(x). To maximize; where the model is exact it is log p(x).</summary>
    /// <remarks>Burda et al. 2016, arXiv:1509.00519, eq. 8, with u ~ q(u | x) for z; Ho et al. 2019, Flow++, arXiv:1902.00275, whose code evaluates with S = 4096. All S B log-probs are computed at once.</remarks>
    /// <param name="bound">The model.</param>
    /// <param name="x">Examples, (B, ...).</param>
    /// <param name="draws">S >= 1.</param>
    /// <param name="context">One row an example, or one for all, for a conditional model.</param>
    /// <returns>One an example, (B).</returns>
    public static Tensor ImportanceWeighted(Distribution bound, Tensor x, int draws, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(bound);
        Guard.Batch(x, bound.EventShape);
        Guard.Context(context, bound.ContextShape, x.size(0), bound.GetName());
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        using var scope = NewDisposeScope();
        var logWeights = bound.LogProb(Repeat(x), context is null || context.size(0) == 1 ? context : Repeat(context));
        return scope.MoveToOuter(ImportanceWeights.LogMean(logWeights.reshape(draws, x.size(0))));

        Tensor Repeat(Tensor rows) => rows.unsqueeze(0).expand([draws, .. rows.shape]).flatten(0, 1);          // all rows once, then all again
    }

    private static void CheckDraws(Tensor logJoint, Tensor logQ)
    {
        Guard.Number(logJoint);
        Guard.Number(logQ);
        if (logJoint.Dimensions == 0 || logJoint.size(0) == 0) throw new ArgumentException($"logJoint has shape {Guard.Describe(logJoint)}; expected (S, ...) with at least one draw.", nameof(logJoint));
        if (!logJoint.shape.SequenceEqual(logQ.shape)) throw new ArgumentException($"logQ has shape {Guard.Describe(logQ)}; expected that of logJoint, {Guard.Describe(logJoint)}.", nameof(logQ));
    }
}
