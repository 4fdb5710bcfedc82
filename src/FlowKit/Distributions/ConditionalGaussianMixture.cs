using FlowKit.Conditioners;

namespace FlowKit.Distributions;

/// <summary>p(x | c) = sum over k of w_k(c) N(x; mu_k(c), L_k(c) L_k(c)ᵀ): a mixture density network. A network computes weights, means and full covariances from the context. See <see cref="GaussianMixture.Conditional"/>.</summary>
/// <remarks>
/// <para>Bishop 1994, Mixture density networks, here with full covariances. The network gives K logarithms of weights (up to a constant), then K times D means, K times D logarithms of L's diagonal and K times the
/// D (D - 1) / 2 entries below it, row by row.</para>
/// <para>Components that start alike would learn alike: each mean has a fixed offset, spread evenly over (-2, 2)^D. Zero outputs are K unit normal laws there, of equal weight.</para>
/// <para>Draws carry no gradient: the choice of a component has none.</para>
/// </remarks>
/// <example><code>
/// // x² = y with some noise: given y there are two answers.
/// manual_seed(0);
/// var x = randn(2000, 1);
/// var y = x.square() + 0.1 * randn(2000, 1);
/// var law = GaussianMixture.Conditional(features: 1, components: 4, contextShape: 1, (inputs, outputs) => new Mlp(inputs, outputs, [32]));
/// Trainer.Fit(law, new Dataset(x, y), options: new() { Steps = 500, LearningRate = 1e-2, Threads = 1 });
/// var draws = law.Sample(1000, ones(1, 1));
/// Console.WriteLine($"{Math.Abs(draws.mean().ToDouble()) &lt; 0.3} {Math.Abs(draws.abs().mean().ToDouble() - 1) &lt; 0.1}");  // => True True
/// </code></example>
public sealed class ConditionalGaussianMixture : Distribution
{
    private readonly Conditioner conditioner;

    internal ConditionalGaussianMixture(long features, int components, Shape contextShape, Func<long, long, Conditioner> conditioner) : base(nameof(ConditionalGaussianMixture), Guard.Size(features, least: 1))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        Guard.Sizes(contextShape, dimensions: 1);
        Components = components;
        this.conditioner = Conditioner.MakePlain(conditioner, contextShape[0], components * (1 + 2 * features + features * (features - 1) / 2));
        ContextShape = contextShape;
        long[] below = [.. from row in Enumerable.Range(0, (int)features) from column in Enumerable.Range(0, row) select row * features + column];
        if (features > 1) SetConstant(nameof(below), tensor(below, dtype: int64, device: CPU));
        SetConstant("offsets", tensor(Offsets(components, (int)features), [components, features], dtype: float64, device: CPU));
        RegisterComponents();
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <inheritdoc/>
    public override Shape? ContextShape { get; }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var (logWeights, law) = At(context!);
        var each = law.LogProb(x.repeat_interleave(Components, 0)).view(x.size(0), Components);
        return SpecialFunctions.LogSumExp(each + logWeights, 1);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var (logWeights, law) = At(context!);
        var chosen = (logWeights + Noise.Gumbel(logWeights)).argmax(1) + arange(count, dtype: int64, device: logWeights.device) * Components;      // (count), of count K laws
        return new MeanAndCholesky(law.Mean.index_select(0, chosen), law.Scale.index_select(0, chosen)).Draw(randn(BatchOf(count), dtype: Dtype, device: Device));
    }

    // ln of the weights, (B, K), and the B K normal laws, those of one row side by side.
    private (Tensor LogWeights, MeanAndCholesky Laws) At(Tensor context)
    {
        Guard.Dtype(context, Dtype, GetName());
        var all = conditioner.Forward(context, null);
        long rows = all.size(0), k = Components, d = Dimensions, pairs = d * (d - 1) / 2;
        var means = all.narrow(1, k, k * d).view(rows, k, d) + GetConstant("offsets").to(all.dtype);
        var scale = all.narrow(1, k + k * d, k * d).reshape(rows * k, d).clamp(-80, 80).exp().diag_embed(0, -2, -1);       // (B K, D, D)
        if (pairs > 0)
        {
            var empty = zeros([rows * k, d * d], dtype: all.dtype, device: all.device);
            scale = scale + empty.index_copy(1, GetConstant("below"), all.narrow(1, k + 2 * k * d, k * pairs).reshape(rows * k, pairs)).view(rows * k, d, d);
        }
        return (all.narrow(1, 0, k).log_softmax(1), new(means.view(rows * k, d), scale));
    }

    // Points of an additive recurrence with the powers of 1 / phi, phi^(D + 1) = phi + 1: evenly spread in every number of dimensions. One component stands at 0.
    private static double[] Offsets(int components, int features)
    {
        double phi = 1.5;
        for (int i = 0; i < 60; i++) phi = Math.Pow(1 + phi, 1.0 / (features + 1));
        return [.. from k in Enumerable.Range(0, components) from d in Enumerable.Range(1, features) select 4 * ((0.5 + k * Math.Pow(phi, -d)) % 1) - 2];
    }
}
