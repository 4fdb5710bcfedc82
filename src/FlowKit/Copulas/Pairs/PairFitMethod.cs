namespace FlowKit.Copulas;

/// <summary>How the parameters of a pair copula are estimated.</summary>
/// <example><code>
/// using FlowKit.Copulas;
/// manual_seed(0);
/// var x = new PairCopula(new Gumbel(), 2.0).Sample(5000).to(float64);
/// var quick = PairFit.Fit(new Gumbel(), x, method: PairFitMethod.TauInversion);
/// Console.WriteLine(Math.Abs(quick.Tau - KendallTau.Of(x)) &lt; 1e-6);    // => True
/// </code></example>
public enum PairFitMethod
{
    /// <summary>The largest likelihood within the parameters' ranges, from the inverted tau on.</summary>
    MaximumLikelihood,

    /// <summary>The parameter at which Kendall's tau is that of the data. Student: rho = sin(pi tau / 2), then nu by maximum likelihood (Demarta, McNeil 2005). BB1 and BB7, where tau does not say which: maximum likelihood.</summary>
    TauInversion,
}
