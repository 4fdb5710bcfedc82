using FlowKit.Copulas;

namespace FlowKit.Distributions;

/// <summary>A normal law of vectors as its mean and the Cholesky factor of its covariance.</summary>
/// <param name="Mean">(rows or 1, D).</param>
/// <param name="Scale">L, (rows or 1, D, D).</param>
internal sealed record MeanAndCholesky(Tensor Mean, Tensor Scale)
{
    /// <summary>What the distribution is as a normal law of vectors; null if it is none.</summary>
    public static MeanAndCholesky? Of(Distribution d, long rows, Tensor? context) => d switch
    {
        MultivariateNormal full => new(full.Mean.unsqueeze(0), full.Scale.unsqueeze(0)),
        ConditionalMultivariateNormal full => full.At(context!),
        ConditionalGaussianCopula { Margins: Normal } full => full.AsNormal(context!),
        _ when d.EventShape.Count == 1 && Kl.Member(d, rows, context) is (Normal normal, var theta) =>
            new(LocationScaleFamily.Location(theta), normal.Scale(theta).diag_embed(0, -2, -1)),
        _ => null,
    };

    /// <summary>KL(this || q) = (|L_q⁻¹ L|² + |L_q⁻¹(mu - mu_q)|² - D) / 2 + ln det L_q - ln det L, (rows or 1).</summary>
    public Tensor Divergence(MeanAndCholesky q)
    {
        var ratio = linalg.solve_triangular(q.Scale, Scale, upper: false);                              // (rows, D, D)
        var move = linalg.solve_triangular(q.Scale, (Mean - q.Mean).unsqueeze(2), upper: false);        // (rows, D, 1)
        return (ratio.square().flatten(1).sum(1) + move.square().flatten(1).sum(1) - Mean.size(1)) / 2 + q.LogDet - LogDet;
    }

    /// <summary>ln p(x) of (B, D), (B).</summary>
    public Tensor LogProb(Tensor x)
    {
        var e = linalg.solve_triangular(Scale, (x - Mean).unsqueeze(2), upper: false);
        return e.square().flatten(1).sum(1) * -0.5 - LogDet - x.size(1) / 2.0 * Math.Log(2 * Math.PI);
    }

    /// <summary>mu + L e for standard normal e, (B, D).</summary>
    public Tensor Draw(Tensor e) => Mean + Scale.matmul(e.unsqueeze(2)).squeeze(2);

    /// <summary>ln det L, (rows or 1).</summary>
    public Tensor LogDet => Scale.diagonal(0, -2, -1).log().sum(-1);
}
