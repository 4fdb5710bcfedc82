namespace FlowKit.Transforms;

/// <summary>y = logit(F(x)) exp(a) + b, F the distribution function of a mixture of K logistics. theta = (K logits of weights, K means, K log-scales, log-scale a, shift b), raw.</summary>
/// <remarks>
/// <para>F(x) = sum of pi_k sigmoid(t_k), t_k = (x - mu_k)/sigma_k. Ho et al. 2019, Flow++, arXiv:1902.00275, section 3.2.</para>
/// <para>ln dlogit(F)/dx = ln(F'/F + F'/(1 - F)), since 1/(F (1-F)) = 1/F + 1/(1-F): in either tail one of the two is the reciprocal scale of the widest component and the other vanishes.
/// Everything is summed in logs, so that no tail underflows. The inverse is numerical; its gradients follow by the implicit function theorem.</para>
/// <para>Log-scales are softly bounded, by 7 for a component and by <paramref name="MaxLogScale"/> for the whole. At theta = 0 the map is near the identity, not equal to it: with equal
/// components a conditioner that starts at zero would give all the same gradient for ever, so the means start at -1..1 and the scales where the mixture's variance is that of one logistic.</para>
/// </remarks>
/// <param name="Components">K, >= 1. The paper uses 32.</param>
/// <param name="MaxLogScale">Bound of |a|, > 0, in nats.</param>
/// <example><code>
/// manual_seed(0);
/// var map = new LogisticMixtureMap(Components: 4);
/// Console.WriteLine(map.ParameterCount);                   // => 14
/// var (x, theta) = (randn(5, 2, dtype: float64), randn(5, map.ParameterCount, 2, dtype: float64));
/// var (y, logSlope) = map.Forward(x, theta);
/// Console.WriteLine(map.Inverse(y, theta).X.allclose(x));  // => True
/// </code></example>
public sealed record LogisticMixtureMap(int Components = 8, double MaxLogScale = 3) : ElementwiseMap
{
    /// <summary>Bound of a component's log-scale.</summary>
    internal const double ComponentBound = 7;

    /// <summary>K, >= 1.</summary>
    public int Components { get; init; } = Components >= 1
        ? Components
        : throw new ArgumentOutOfRangeException(nameof(Components), Components, "Expected at least one component.");

    /// <summary>Bound of |a|, > 0, in nats.</summary>
    public double MaxLogScale { get; init; } = MaxLogScale > 0 && double.IsFinite(MaxLogScale)
        ? MaxLogScale
        : throw new ArgumentOutOfRangeException(nameof(MaxLogScale), MaxLogScale, "Expected a finite bound > 0.");

    /// <inheritdoc/>
    public override int ParameterCount => 3 * Components + 2;

    /// <summary>The spread of the means at theta = 0: the first is minus this, the last this.</summary>
    internal double InitialSpread => Components > 1 ? 1 : 0;

    /// <summary>The log-scale of each component at theta = 0.</summary>
    internal double InitialLogScale => Components > 1
        ? 0.5 * Math.Log(1 - (Components + 1.0) / (Components - 1) / (Math.PI * Math.PI))      // pi² sigma²/3 + the variance of the means = pi²/3
        : 0;

    internal override ITileMap Tiles => new MixtureTiles(this);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogSlope) ForwardCore(Tensor x, Tensor theta)
    {
        var (y, logSlope) = Mixture.Read(this, theta).Logit(x);
        var (a, b) = Affine(theta);
        return (y * a.exp() + b, logSlope + a);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogSlope) InverseCore(Tensor y, Tensor theta)
    {
        var mixture = Mixture.Read(this, theta);
        var (a, b) = Affine(theta);
        var (x, logSlope) = mixture.Quantile((y - b) * a.neg().exp());
        return (x, logSlope - a);
    }

    private (Tensor A, Tensor B) Affine(Tensor theta) => (Bounded(theta.select(1, 3 * Components), MaxLogScale), theta.select(1, 3 * Components + 1));

    private static Tensor Bounded(Tensor s, double most) => s / (s.abs() / most).add_(1);

    // ln pi, mu and ln sigma of each element's components, (B, K, ...).
    private readonly record struct Mixture(Tensor LogWeight, Tensor Mean, Tensor LogScale)
    {
        public static Mixture Read(LogisticMixtureMap map, Tensor theta)
        {
            int k = map.Components;
            long[] each = [k, .. Enumerable.Repeat(1L, (int)theta.Dimensions - 2)];
            var means = linspace(-map.InitialSpread, map.InitialSpread, k, dtype: theta.dtype, device: theta.device).view(each);
            return new(
                theta.narrow(1, 0, k).log_softmax(1), theta.narrow(1, k, k) + means,
                Bounded(theta.narrow(1, 2 * k, k), ComponentBound) + map.InitialLogScale);
        }

        // logit F(x) and the logarithm of its slope.
        public (Tensor Y, Tensor LogSlope) Logit(Tensor x)
        {
            var t = (x.unsqueeze(1) - Mean) * LogScale.neg().exp();
            var (below, above) = (nn.functional.logsigmoid(t), nn.functional.logsigmoid(-t));    // ln sigmoid, ln(1 - sigmoid)
            var (left, right) = (LogWeight + below, LogWeight + above);
            var y = left.logsumexp(1) - right.logsumexp(1);                                      // ln F - ln(1 - F)
            var slopes = cat([left.log_softmax(1) + above - LogScale, right.log_softmax(1) + below - LogScale], dim: 1);
            return (y, slopes.logsumexp(1));
        }

        // The x with logit F(x) = y. It lies between the points where the components, one by one, reach y.
        public (Tensor X, Tensor LogSlope) Quantile(Tensor y)
        {
            var each = Mean + LogScale.exp() * y.unsqueeze(1);
            return MonotoneInverse.Solve(Logit, y, (each.amin([1]), each.amax([1])));
        }
    }
}
