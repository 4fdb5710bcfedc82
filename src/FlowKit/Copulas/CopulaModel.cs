using System.Runtime.CompilerServices;
using FlowKit.Distributions;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace FlowKit.Copulas;

/// <summary>Margins joined by a copula (Sklar 1959): ln f(x) = ln c(F_1(x_1), ..., F_D(x_D)) + sum of ln f_i(x_i).</summary>
/// <remarks>
/// <para>Shapes: x is (B, D), log-densities (B), in nats. The copula is any distribution on the unit cube (0, 1)^D; it becomes a part of the model and computes in float64, whatever the model is converted to.</para>
/// <para>Between margins and copula stand doubles u = F(x), moved into [1e-300, 1 - 1.1e-16]: an upper tail's mass is told apart down to 1.1e-16, a lower one's down to 1e-300. Margins alone know no such bound.</para>
/// </remarks>
/// <example><code>
/// using FlowKit.Copulas;
/// // The worst day in a hundred of a portfolio of four indices, with tails that follow a power law.
/// manual_seed(0);
/// var returns = StockReturns.Load();
/// var model = CopulaModel.Fit(returns.Values, returns.Columns, new() { Margin = x => TailedMargin.Fit(x) }).to(float64);
/// var portfolio = model.Sample(20_000).mean([1]);
/// Console.WriteLine($"{portfolio.quantile(tensor(0.01, dtype: float64)).ToDouble():F2}");    // => -0.02
/// </code></example>
public sealed class CopulaModel : Distribution
{
    private const double Least = 1e-300, Most = 1 - 1.1e-16;
    private readonly ModuleList<Margin> margins;

    /// <summary>A model of these margins and this copula.</summary>
    /// <param name="margins">D of them.</param>
    /// <param name="copula">Of events (D) in the unit cube, without a context; converted to float64.</param>
    /// <param name="names">D names; null for x1, x2, ...</param>
    /// <exception cref="ArgumentException">There is no margin, or the copula or the names do not fit.</exception>
    public CopulaModel(IReadOnlyList<Margin> margins, Distribution copula, IReadOnlyList<string>? names = null) : base(nameof(CopulaModel), Count(margins))
    {
        ArgumentNullException.ThrowIfNull(copula);
        if (copula.ContextShape is not null) throw new ArgumentException($"{copula.GetName()} is conditional; expected a copula without a context.", nameof(copula));
        if (!copula.EventShape.Equals(EventShape)) throw new ArgumentException($"{copula.GetName()} is of events {copula.EventShape}; there are {margins.Count} margins.", nameof(copula));
        Names = PseudoObservations.ColumnNames(names, margins.Count);
        (this.margins, Copula) = (new ModuleList<Margin>([.. margins]), copula);
        RegisterComponents();
        copula.to(float64);
    }

    /// <summary>The laws of the columns.</summary>
    public IReadOnlyList<Margin> Margins => [.. margins];

    /// <summary>The law of u = F(x).</summary>
    [field: ComponentName(Name = "copula")]
    public Distribution Copula { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What the fit has to say of the data, as columns of many ties; null for nothing.</summary>
    public string? Warning { get; private init; }

    /// <inheritdoc/>
    public override bool IsExact => Copula.IsExact && margins.All(margin => margin.IsExact);

    /// <inheritdoc/>
    public override bool IsReparameterized => Copula.IsReparameterized && margins.All(margin => margin.IsReparameterized);

    /// <summary>Fits the margins, column by column, then the copula to the ranks of the data.</summary>
    /// <param name="x">(N, D), finite; N >= 10 for the default copula.</param>
    /// <param name="names">D names of the columns; null for x1, x2, ...</param>
    /// <param name="options">Which margins and which copula; null for kernel margins and a vine.</param>
    /// <exception cref="ArgumentException">A column holds NaN or infinities or is constant, or cannot be fitted; the message names it.</exception>
    public static CopulaModel Fit(Tensor x, IReadOnlyList<string>? names = null, CopulaModelOptions? options = null)
    {
        options ??= new();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var ranks = PseudoObservations.Of(x, names);
        foreach (string name in options.Margins.Keys)
            if (!ranks.Names.Contains(name)) throw new ArgumentException($"options has a margin of '{name}'; the columns are {string.Join(", ", ranks.Names)}.", nameof(options));

        var columns = x.detach().to(float64);
        Margin[] margins = [.. ranks.Names.Select((name, i) => FitColumn(options.Margins.GetValueOrDefault(name, options.Margin), columns.select(1, i).contiguous(), name))];
        var u = options.ThroughMargins ? stack([.. margins.Select((margin, i) => margin.Cdf(columns.select(1, i)))], dim: 1).clamp(Least, Most) : ranks.Values;
        Distribution copula;
        using (enable_grad()) copula = Guard.Made(options.Copula(u), nameof(options.Copula));
        return new(margins, copula, ranks.Names) { Warning = ranks.Warning };
    }

    /// <summary>u = F(x), (B, D), float64.</summary>
    /// <param name="x">(B, D).</param>
    public Tensor ToUniform(Tensor x) => Checked(x, Uniform);

    /// <summary>x = F⁻¹(u), (B, D), float64.</summary>
    /// <param name="u">(B, D), in [0, 1].</param>
    public Tensor FromUniform(Tensor u) => Checked(u, Quantiles);

    // Converting the model converts its parts; the copula stays float64.
    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        if (dtype is not (null or ScalarType.Float64)) Copula.to(float64);
    }

    /// <inheritdoc/>
    protected override Tensor LogProbCore(Tensor x, Tensor? context) => NothingAtInfinity(x, x =>
    {
        var wide = x.to(float64);
        var alone = stack([.. margins.Select((margin, i) => margin.LogProb(wide.narrow(1, i, 1)))], dim: 1).sum(1);
        var outside = alone.eq(double.NegativeInfinity);
        var joint = Copula.LogProb(Uniform(wide).clamp(Least, Most));
        return (joint.masked_fill(outside, 0) + alone).to(x.dtype);
    });

    /// <inheritdoc/>
    protected override Tensor SampleCore(long count, Tensor? context) => Quantiles(Copula.Sample(count)).to(Dtype);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogProb) SampleWithLogProbCore(long count, Tensor? context)
    {
        var x = Quantiles(Copula.SampleWithLogProb(count).X).to(Dtype);
        return (x, LogProbCore(x, context));
    }

    private Tensor Uniform(Tensor x) => stack([.. margins.Select((margin, i) => margin.Cdf(x.select(1, i)))], dim: 1);

    private Tensor Quantiles(Tensor u) => stack([.. margins.Select((margin, i) => margin.Quantile(u.select(1, i)))], dim: 1);

    private Tensor Checked(Tensor x, Func<Tensor, Tensor> map, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Guard.Batch(x, EventShape, name);
        Guard.Real(x, name);
        using var call = NativeMemory.Enter();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(map(x));
    }

    private static Margin FitColumn(Func<Tensor, Margin> fit, Tensor column, string name)
    {
        try
        {
            using var grad = enable_grad();                                 // a margin may be trained
            return Guard.Made(fit(column), "options");
        }
        catch (ArgumentException refused) when (refused is not ArgumentNullException)
        {
            throw new ArgumentException($"The margin of column '{name}' could not be fitted. {refused.Message.Split(" (Parameter")[0]}", "x", refused);
        }
    }

    private static long Count(IReadOnlyList<Margin> margins)
    {
        ArgumentNullException.ThrowIfNull(margins);
        Guard.NoneNull(margins, nameof(margins));
        return margins.Count > 0 ? margins.Count : throw new ArgumentException("A model needs at least one margin; there was none.", nameof(margins));
    }
}
