namespace FlowKit.Copulas;

/// <summary>How a margin is believed to fall off beyond its data (Wiese, Knobloch, Korn 2019, arXiv:1907.03361, section 4).</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// var options = new TailedMarginOptions { Lower = TailBelief.Pareto, Upper = TailBelief.Gaussian };
/// Console.WriteLine(options.Upper);    // => Gaussian
/// </code></example>
public enum TailBelief
{
    /// <summary>Generalized Pareto, xi and beta by maximum likelihood: a power law where xi > 0.</summary>
    Pareto,

    /// <summary>Exponential, beta by maximum likelihood.</summary>
    Exponential,

    /// <summary>A normal law's own tail of that mass, its standard deviation by maximum likelihood.</summary>
    Gaussian,
}
