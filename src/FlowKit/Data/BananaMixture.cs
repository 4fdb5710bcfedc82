using FlowKit.Distributions;

namespace FlowKit.Data;

/// <summary>Two bent normal laws of six features, equally likely, bent in opposite orders: no order of the features makes all conditionals simple, and the density is exact.</summary>
/// <remarks>
/// <para>With e ~ N(0, I), y has the pairs (e1, e2 + b (e1² - 1)), (e3, e4 + b (e3² - 1)), (e5, e6 + b (e5² - 1)). The first component is y + d in every feature, the second is y with its features
/// reversed, minus d. Each component is a volume-preserving image of a normal law, so its entropy is <see cref="ComponentEntropy"/> = 3 ln(2 pi e) = 8.513631 nats whatever b is.</para>
/// <para>The entropy of the mixture is that, plus ln 2, minus the mean entropy of the posterior of the component, which only where the components overlap is above zero.</para>
/// </remarks>
/// <example><code>
/// manual_seed(0);
/// var law = new BananaMixture();
/// var (x, component) = law.SampleWithComponent(1000);
/// Console.WriteLine(x);                               // => [1000x6], type = Float32, device = cpu
/// Console.WriteLine($"{law.ComponentEntropy:F6}");    // => 8.513631
/// var entropy = law.Entropy(draws: 100_000);
/// Console.WriteLine($"{entropy.Mean:F2}");            // => 9.19
/// Console.WriteLine(entropy.StandardError &lt; 0.001);  // => True
/// </code></example>
public sealed class BananaMixture : Distribution
{
    private const int Features = 6;
    private const long Chunk = 20_000;

    /// <summary>A mixture of two bananas.</summary>
    /// <param name="bend">b, how strongly they are bent; finite.</param>
    /// <param name="shift">d, how far each lies from the middle in every feature; finite.</param>
    public BananaMixture(double bend = 0.5, double shift = 1) : base(nameof(BananaMixture), Features)
    {
        Guard.Finite(bend);
        Guard.Finite(shift);
        (Bend, Shift) = (bend, shift);
        RegisterComponents();
    }

    /// <summary>b.</summary>
    public double Bend { get; }

    /// <summary>d.</summary>
    public double Shift { get; }

    /// <summary>Entropy of either component, 3 ln(2 pi e), nats: what is left once the component is known.</summary>
    public double ComponentEntropy => Features / 2.0 * Math.Log(2 * Math.PI * Math.E);

    /// <summary>Differential entropy in nats, with its standard error: exact but for the overlap of the components, which draws estimate.</summary>
    /// <param name="draws">How many, at least 2.</param>
    public Estimate Entropy(long draws = 400_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long done = 0; done < draws; done += Chunk)
        {
            using var part = NewDisposeScope();
            var logOdds = Each(Sample(Math.Min(Chunk, draws - done)).to(float64)).log_softmax(1);
            parts.Add(part.MoveToOuter((logOdds.exp() * logOdds).nan_to_num(nan: 0).sum(1)));        // minus the posterior's entropy
        }
        var (mean, error, count) = Estimate.Of(cat(parts));
        return new(ComponentEntropy + Math.Log(2) + mean, error, count);
    }

    /// <summary>Draws, (count, 6), and which component each is from, 0 or 1, (count, 1) in the precision of the draws, as a context.</summary>
    /// <param name="count">How many, >= 0.</param>
    public (Tensor X, Tensor Component) SampleWithComponent(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var second = randint(0, 2, [count, 1], dtype: int64, device: Device).to(Dtype);
        var y = Bent(randn(BatchOf(count), dtype: Dtype, device: Device), sign: 1);
        return scope.MoveToOuter(where(second.eq(0), y + Shift, y.flip(1) - Shift), second);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x => SpecialFunctions.LogSumExp(Each(x), 1) - Math.Log(2));

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => SampleWithComponent(count).X;

    /// <summary>ln p of each component, (B, 2).</summary>
    private Tensor Each(Tensor x) =>
        stack([Normal(x - Shift), Normal((x + Shift).flip(1))], dim: 1);

    private Tensor Normal(Tensor y) => Bent(y, sign: -1).square().sum(1) * -0.5 - Features / 2.0 * Math.Log(2 * Math.PI);

    // The pairs sheared, or sheared back.
    private Tensor Bent(Tensor e, int sign)
    {
        var pairs = e.view(-1, Features / 2, 2);
        var (first, second) = (pairs.select(2, 0), pairs.select(2, 1));
        return stack([first, second + (first.square() - 1) * (sign * Bend)], dim: 2).flatten(1);
    }
}
