using FlowKit.Distributions;

namespace FlowKit.Copulas;

/// <summary>How a <see cref="CopulaModel"/> is fitted: the margins, column by column, and the copula.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// var returns = StockReturns.Load();
/// var model = CopulaModel.Fit(returns.Values, returns.Columns, new()
/// {
///     Margin = x => TailedMargin.Fit(x),
///     Margins = new Dictionary&lt;string, Func&lt;Tensor, Margin>> { ["SMI"] = x => KernelMargin.Fit(x) },
///     Copula = u => MultivariateGaussianCopula.Fit(u),
/// });
/// Console.WriteLine(string.Join(", ", model.Margins.Select(margin => margin.GetName())));
/// // => TailedMargin, KernelMargin, TailedMargin, TailedMargin
/// </code></example>
public sealed record CopulaModelOptions
{
    /// <summary>Fits the margin of a column, (N), float64: <see cref="KernelMargin"/>, unless said otherwise.</summary>
    public Func<Tensor, Margin> Margin { get; init; } = x => KernelMargin.Fit(x);

    /// <summary>Fits the margins of the columns of these names, in place of <see cref="Margin"/>.</summary>
    public IReadOnlyDictionary<string, Func<Tensor, Margin>> Margins { get; init; } = new Dictionary<string, Func<Tensor, Margin>>();

    /// <summary>Fits the copula to u, (N, D), float64, in (0, 1): <see cref="VineCopula.Fit"/> with its defaults, unless said otherwise.</summary>
    public Func<Tensor, Distribution> Copula { get; init; } = u => u.size(1) > 1 ? VineCopula.Fit(u) : MultivariateGaussianCopula.Fit(u);

    /// <summary>Whether u are the data seen through their fitted margins (Joe, Xu 1996) in place of their ranks (Genest, Ghoudi, Rivest 1995), which do not depend on the margins.</summary>
    public bool ThroughMargins { get; init; }
}
