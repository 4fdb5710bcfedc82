using FlowKit.Distributions;

namespace FlowKit.Data;

/// <summary>A law of D numbers with K classes given by a probability for each of its K^D events: everything about it is exact.</summary>
/// <remarks>Shapes: x is (B, D). Events count as <see cref="FiniteSupport"/> counts them. Draws are independent, to 2^-53, whatever the module's precision.</remarks>
/// <example><code>
/// // Two dependent bits: y1, and y1 xor a coin.
/// var xor = new ProbabilityTable(tensor(new[] { 0.63, 0.07, 0.03, 0.27 }), positions: 2, classes: 2);
/// Console.WriteLine($"{xor.Entropy:F6} {xor.MarginalNll:F6}");         // => 0.935947 1.251900
/// Console.WriteLine(xor.LogProb(tensor(new[,] { { 1L, 0 } })).exp().npstr());  // => [0.03]
/// var random = ProbabilityTable.Random(positions: 5, classes: 5, seed: 0);
/// Console.WriteLine(random.Entropy &lt; random.MarginalNll);              // => True
/// </code></example>
public sealed class ProbabilityTable : Distribution
{
    private const double Fine = 1L << 53;

    /// <summary>A law of these probabilities.</summary>
    /// <param name="weights">(K^D), finite, >= 0, with a sum above 0; they are divided by it.</param>
    /// <param name="positions">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    /// <exception cref="ArgumentException">There are not K^D weights, one is negative or not finite, or all are 0.</exception>
    public ProbabilityTable(Tensor weights, long positions, int classes) : base(nameof(ProbabilityTable), positions)
    {
        Support = new FiniteSupport(positions, classes);
        Guard.Number(weights);
        Guard.Finite(weights);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var p = weights.detach().to(float64).cpu();
        if (p.Dimensions != 1 || p.size(0) != Support.Count) throw new ArgumentException($"weights has shape {Guard.Describe(weights)}; expected ({Support.Count},), one for each of {classes}^{positions} events.", nameof(weights));
        if (p.min().ToDouble() < 0 || p.sum().ToDouble() <= 0) throw new ArgumentException($"The smallest of the weights is {p.min().ToDouble():G4} and their sum {p.sum().ToDouble():G4}; expected numbers >= 0, not all 0.", nameof(weights));

        p = p / p.sum();
        Entropy = FiniteSupport.EntropyOf(p.log());
        var joint = p.view([.. Enumerable.Repeat((long)classes, (int)positions)]);
        MarginalNll = Enumerable.Range(0, (int)positions).Sum(d => FiniteSupport.EntropyOf(joint.movedim([d], [0]).reshape(classes, -1).sum(dim: 1).log()));
        SetConstant("logP", p.log());
        SetConstant("below", (p.cumsum(0) * Fine).to(int64));                 // whole numbers keep their precision when the module changes its own
        RegisterComponents();
    }

    /// <summary>Its events.</summary>
    public FiniteSupport Support { get; }

    /// <summary>-sum of P ln P, nats: the least mean -ln P any model can reach.</summary>
    public double Entropy { get; }

    /// <summary>The sum of the entropies of the D marginals, nats: the least mean -ln P of a model of independent numbers.</summary>
    public double MarginalNll { get; }

    /// <summary>Probabilities drawn uniformly from all there are, Dirichlet(1, ..., 1), the same for the same seed on every machine: a table of full rank.</summary>
    /// <remarks>Tran et al. 2019, arXiv:1905.10347, section 5.1. Its mean entropy is the digamma difference psi(K^D + 1) - psi(2), near D ln K - 0.42278.</remarks>
    /// <param name="positions">D >= 1.</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="seed">Of the draw.</param>
    public static ProbabilityTable Random(long positions, int classes, int seed)
    {
        var random = new Random(seed);
        double[] weights = new double[new FiniteSupport(positions, classes).Count];
        for (int i = 0; i < weights.Length; i++) weights[i] = -Math.Log(1 - random.NextDouble());
        using var all = tensor(weights, dtype: float64, device: CPU);
        return new(all, positions, classes);
    }

    /// <summary>A density of the plane at the integers 0..K-1 of both coordinates, normalized: the density of x - center there.</summary>
    /// <param name="density">Of the plane.</param>
    /// <param name="classes">K >= 2.</param>
    /// <param name="center">What is subtracted from both coordinates.</param>
    public static ProbabilityTable OnGrid(ToyDensity density, int classes, double center)
    {
        ArgumentNullException.ThrowIfNull(density);
        Guard.Finite(center);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return new(density.LogProb(new FiniteSupport(2, classes).States().to(float64) - center).exp(), 2, classes);
    }

    /// <inheritdoc/>
    protected override bool TakesWholeNumbers => true;

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        var logP = GetConstant("logP").to(Dtype);
        var (k, outside) = IntegerInterval.Check(x, logP, 0, Support.Classes - 1);
        var missing = k.isnan();
        return logP.index_select(0, Support.Number(k.masked_fill(missing, 0)))
            .masked_fill(outside.any(1), double.NegativeInfinity).masked_fill(missing.any(1), double.NaN);
    }

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context)
    {
        var below = GetConstant("below");
        var at = randint(0, 1L << 53, [count], dtype: int64, device: Device);
        return Support.Digits(searchsorted(below, at, right: true).clamp_max(below.size(0) - 1)).to(Dtype);
    }
}
