using FlowKit.Transforms;

namespace FlowKit.Distributions;

/// <summary>The normal law's cousin on the circle, of angles x in [0, 2 pi]: ln p(x) = kappa cos(x - mu) - ln(2 pi I0(kappa)). theta = (mu, ln kappa).</summary>
/// <remarks>
/// <para>The circle is [0, 2 pi], as in Rezende et al. 2020 (arXiv:2002.02428): -inf outside, so wrap other angles first; draws lie in [0, 2 pi). mu is any angle.</para>
/// <para>Exact for every kappa > 0: I0 enters without its exponential growth. Draws by Best and Fisher 1979 (Applied Statistics 28, 152-157); they carry no gradient.</para>
/// </remarks>
/// <example><code>
/// var wind = new VonMises().Fixed(mean: tensor(new[] { Math.PI / 2 }), concentration: tensor(new[] { 2.0 }));
/// using (var circle = QuadratureRule.Circle())
///     Console.WriteLine($"{circle.Integrate(x => wind.LogProb(x).exp()):F6}");  // => 1.000000
/// Console.WriteLine(wind.Entropy().npstr());                                    // => [1.2663]
/// </code></example>
public sealed record VonMises : Family
{
    private const double Turn = 2 * Math.PI;

    /// <inheritdoc/>
    public override int ParameterCount => 2;

    /// <summary>Independent von Mises elements.</summary>
    /// <param name="mean">mu, any angle, of the event's shape.</param>
    /// <param name="concentration">kappa > 0; near 0 the law is uniform, for large kappa normal with variance 1 / kappa.</param>
    /// <exception cref="ArgumentException">A concentration is not positive.</exception>
    public Factorized Fixed(Tensor mean, Tensor concentration) => base.Fixed(Real(mean), Log(concentration));

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor x, Tensor theta)
    {
        var outside = x.lt(0).logical_or(x.gt(Turn));
        return LogDensity(x.masked_fill(outside, 0), theta).masked_fill(outside, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor theta)
    {
        using var none = no_grad();
        var x = CircleMap.Wrap(At(theta, 0).to(float64) + BestFisher.Sample(LogAt(theta, 1).exp().to(float64)));
        return CircleMap.Wrap(x.to(theta.dtype));                             // rounding to float32 can complete the turn
    }

    /// <inheritdoc/>
    public override Tensor Entropy(Tensor theta)
    {
        var kappa = LogAt(theta, 1).exp();
        return SpecialFunctions.LogI0e(kappa) + kappa * SpecialFunctions.OneMinusResultant(kappa) + Math.Log(Turn);
    }

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor theta, Tensor other)
    {
        var (kappa, otherKappa) = (LogAt(theta, 1).exp(), LogAt(other, 1).exp());
        var lack = SpecialFunctions.OneMinusResultant(kappa);                 // 1 - A
        var sine = ((At(theta, 0) - At(other, 0)) / 2).sin();
        var otherLack = lack + (1 - lack) * sine.square() * 2;                // 1 - A cos(mu - mu')
        return SpecialFunctions.LogI0e(otherKappa) - SpecialFunctions.LogI0e(kappa) - kappa * lack + otherKappa * otherLack;
    }

    /// <summary>The circle is cut at 0, where its support [0, 2 pi] begins: F(x) = P(0 &lt;= X &lt;= x), whatever mu is. (SciPy cuts it at mu - pi and adds 1 for each turn.)</summary>
    /// <inheritdoc/>
    protected internal override (Tensor Below, Tensor Above) LogTails(Tensor x, Tensor theta)
    {
        var (none, all) = (x.le(0), x.ge(Turn));
        x = x.masked_fill(none.logical_or(all), Math.PI);
        var (below, above) = Arcs(x, Turn - x, theta);
        return (below.masked_fill(none, double.NegativeInfinity).masked_fill(all, 0), above.masked_fill(none, 0).masked_fill(all, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override Tensor QuantileCore(Tensor p, Tensor theta, bool upper) => OfLogit(p, upper, 0, Turn, logit => LogitQuantile(logit, theta).sigmoid() * Turn);

    // The solution in L = logit(x / 2 pi), which keeps angles near either end apart.
    private static Tensor LogitQuantile(Tensor logit, Tensor theta)
    {
        var bound = full_like(logit, MaxLogit);
        return QuantileSolver.Solve(Law, logit, -bound, bound);

        (Tensor, Tensor, Tensor) Law(Tensor at)
        {
            var (x, rest) = (at.sigmoid() * Turn, (-at).sigmoid() * Turn);
            var (below, above) = Arcs(x, rest, theta);
            return (below, above, LogDensity(x, theta) + x.log() + rest.log() - Math.Log(Turn));
        }
    }

    private const double MaxLogit = 740;      // beyond it a sigmoid underflows

    private static Tensor LogDensity(Tensor x, Tensor theta)
    {
        var kappa = LogAt(theta, 1).exp();
        var sine = ((x - At(theta, 0)) / 2).sin();
        return kappa * sine.square() * -2 - SpecialFunctions.LogI0e(kappa) - Math.Log(Turn);   // cos d - 1 = -2 sin²(d / 2)
    }

    // ln of what lies on either side of x; rest = 2 pi - x in its own precision. The smaller one is integrated.
    private static (Tensor Below, Tensor Above) Arcs(Tensor x, Tensor rest, Tensor theta)
    {
        var (mu, kappa) = (At(theta, 0) + x * 0, LogAt(theta, 1).exp() + x * 0);
        var start = mu.sin().neg().atan2(mu.cos());                           // the angle 0 as seen from the mean
        var (below, above) = (VonMisesArc.Log(start, x + mu * 0, kappa), VonMisesArc.Log(-start, rest + mu * 0, kappa));
        var left = below.lt(above);
        var other = SpecialFunctions.Log1mExp(where(left, below, above));
        return (where(left, below, other), where(left, other, above));
    }
}
