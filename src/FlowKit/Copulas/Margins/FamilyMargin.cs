using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>A member of a continuous <see cref="Family"/> as a margin, with fixed parameters.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// var margin = new FamilyMargin(new StudentT().Fixed(degreesOfFreedom: full(1, 2.0), location: zeros(1), scale: ones(1)));
/// Console.WriteLine(margin.SurvivalQuantile(tensor(new[] { 1e-3, 1e-12 })).npstr());    // => [22.327, 7.0711e+05]
/// </code></example>
public sealed class FamilyMargin : Margin
{
    private readonly double[] theta;

    /// <summary>A member of a family.</summary>
    /// <param name="family">With a density and a distribution function.</param>
    /// <param name="theta">Its parameters, as <see cref="Distributions.Family"/> reads them: a positive one by its logarithm. P numbers.</param>
    /// <exception cref="ArgumentException">The family is discrete, or the parameters are not P real numbers.</exception>
    public FamilyMargin(Family family, params double[] theta) : base(nameof(FamilyMargin))
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(theta);
        if (family.IsDiscrete) throw new ArgumentException($"{family.GetType().Name} is a law of whole numbers; a margin has a density.", nameof(family));
        if (theta.Length != family.ParameterCount) throw new ArgumentException($"{family.GetType().Name} has {family.ParameterCount} parameters; got {theta.Length}.", nameof(theta));
        if (theta.Any(double.IsNaN)) throw new ArgumentException("theta holds NaN.", nameof(theta));
        (Family, this.theta) = (family, [.. theta]);
        Support = Ends();
        RegisterComponents();
    }

    /// <summary>The law of a distribution of one element, whose parameters are copied.</summary>
    /// <param name="law">Of events (1), without a context.</param>
    /// <exception cref="ArgumentException">It is of other events, conditional or discrete.</exception>
    public FamilyMargin(FamilyDistribution law) : this(Checked(law).Family, Copied(law))
    {
    }

    /// <summary>The law of the number.</summary>
    public Family Family { get; }

    /// <summary>The parameters, as the family reads them.</summary>
    public IReadOnlyList<double> Theta => theta;

    /// <inheritdoc/>
    protected override (double Low, double High) Support { get; }

    /// <inheritdoc/>
    protected override (Tensor Below, Tensor Above) LogTails(Tensor x)
    {
        var (column, parameters) = (x.unsqueeze(1), Parameters(x));
        return (Family.LogCdf(column, parameters).select(1, 0), Family.LogSurvival(column, parameters).select(1, 0));
    }

    /// <inheritdoc/>
    protected override Tensor LogDensity(Tensor x) => Family.LogProb(x.unsqueeze(1), Parameters(x)).select(1, 0);

    /// <inheritdoc/>
    protected override Tensor QuantileCore(Tensor p, bool upper) =>
        (upper ? Family.SurvivalQuantile(p.unsqueeze(1), Parameters(p)) : Family.Quantile(p.unsqueeze(1), Parameters(p))).select(1, 0);

    private Tensor Parameters(Tensor like) => Numbers(theta, like).view(1, -1, 1);

    private (double Low, double High) Ends()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var ends = QuantileCore(tensor([0.0, 1], dtype: float64, device: CPU), upper: false);
        return (ends[0].ToDouble(), ends[1].ToDouble());
    }

    private static FamilyDistribution Checked(FamilyDistribution law)
    {
        ArgumentNullException.ThrowIfNull(law);
        if (law.ContextShape is not null) throw new ArgumentException($"{law.GetName()} is conditional; a margin takes no context.", nameof(law));
        return law.EventShape.Count == 1 && law.EventShape[0] == 1 ? law : throw new ArgumentException($"law is of events {law.EventShape}; expected of one number, (1).", nameof(law));
    }

    private static double[] Copied(FamilyDistribution law)
    {
        using var scope = NewDisposeScope();
        return (law is Factorized held ? held.Stored : law.Theta(1, null)).detach().to(float64).cpu().contiguous().data<double>().ToArray();
    }
}
