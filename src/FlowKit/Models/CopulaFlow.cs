using FlowKit.Conditioners;
using FlowKit.Distributions;
using FlowKit.Transforms;

namespace FlowKit.Models;

/// <summary>Copula flows (Wiese, Knobloch, Korn 2019, Copula and marginal flows, arXiv:1907.03361): laws on the open unit cube, trained on the ranks of data whose margins are known or were fitted first.</summary>
/// <remarks>
/// <para>f(x) = c(F_1(x_1), ..., F_D(x_D)) times the product of f_i(x_i) (Sklar 1959). The flow is c: y = logit(u), layers, and a standard logistic law, so that the identity is the independence copula, c = 1, exactly.
/// Both flows start there.</para>
/// <para>Shapes: u is (B, D); log-densities (B), in nats, -inf outside (0, 1). What a flow learns has margins that are uniform only as far as it was trained; <see cref="Copulas.MarginUniformity"/> measures it.
/// In float32 a draw nearer to 1 than 6e-8 rounds to 1: call <c>flow.to(float64)</c> where upper tails count.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var truth = new PairCopula(new Frank(), 5.0);                  // E[ln c] = 0.258
/// var flow = CopulaFlow.Autoregressive(features: 2, hidden: [32]);
/// Console.WriteLine(flow.LogProb(tensor(new[,] { { 0.1f, 0.9f } })).abs().lt(1e-5).npstr());      // => [True]
/// Trainer.Fit(flow, truth.Sample(2000), options: new() { Steps = 200, LearningRate = 5e-3, Threads = 1 });
/// Console.WriteLine(-Trainer.NegativeLogLikelihood(flow, truth.Sample(4000)).Mean > 0.15);        // => True
/// Console.WriteLine(MarginUniformity.Of(flow.Sample(2000))[0].PValue > 1e-3);                     // => True
/// </code></example>
public static class CopulaFlow
{
    private const int Bins = 16;
    private const double TailBound = 12;           // of logits: 6e-6 of a uniform number lie beyond it at each end

    /// <summary>The flow of the paper's section 3: couplings with alternating masks on logits. No margin is exactly uniform.</summary>
    /// <param name="features">D >= 2.</param>
    /// <param name="layers">Couplings, >= 1.</param>
    /// <param name="hidden">Hidden widths of each conditioner; by default two layers of 64.</param>
    /// <param name="map">The map of a logit; by default a <see cref="RationalQuadraticMap"/> of 16 bins on [-12, 12], the identity beyond. <see cref="AffineMap"/> makes it a RealNVP.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the conditioners.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two features or one layer.</exception>
    public static Flow Create(
        long features, int layers = 4, IReadOnlyList<long>? hidden = null, ElementwiseMap? map = null, Shape? contextShape = null, Activation activation = Activation.ReLU) =>
        new(RealNvp.Create(features, layers, hidden, map ?? new RationalQuadraticMap(Bins, TailBound), contextShape, activation, new Logit()).Transform, new StandardLogistic(features));

    /// <summary>u_1 as it comes, and u_k = C⁻¹(v_k | u_1, ..., u_(k-1)) of uniform v: one autoregressive layer of splines on logits, whose parameters a MADE reads from the logits before. The first margin is exactly uniform.</summary>
    /// <remarks>The density takes one pass, a draw D short steps. Logits spread the corners of the cube, where a copula's density may have no bound, over as many bins as its middle.</remarks>
    /// <param name="features">D >= 2.</param>
    /// <param name="bins">Bins of a spline, 2 to 500.</param>
    /// <param name="hidden">Hidden widths of the MADE; by default two layers of 64.</param>
    /// <param name="tailBound">Splines bend logits in [-tailBound, tailBound] and leave the others as they are, > 0.</param>
    /// <param name="contextShape">Sizes of one context, as 3 for (B, 3); null for none.</param>
    /// <param name="activation">Of the MADE.</param>
    /// <param name="order">The features, first to last: each of 0..D-1 once; null for 0, 1, 2, ...</param>
    /// <exception cref="ArgumentException">Fewer than two features or bins, or the order is no permutation of the features.</exception>
    public static Flow Autoregressive(
        long features, int bins = Bins, IReadOnlyList<long>? hidden = null, double tailBound = TailBound, Shape? contextShape = null, Activation activation = Activation.SiLU,
        IReadOnlyList<int>? order = null)
    {
        Guard.Size(features, least: 2);
        var map = new RationalQuadraticMap(bins, tailBound);
        var made = new Made(features, map.ParameterCount, hidden ?? [64, 64], contextShape, order, activation: activation);
        return new Flow(new Chain(new Logit(), new MaskedAutoregressive(map, new HeldFirst(made))), new StandardLogistic(features));
    }
}
