namespace FlowKit.Distributions;

/// <summary>Sigma = L Lᵀ, or a clear refusal.</summary>
internal static class CovarianceCholesky
{
    /// <summary>L, lower triangular, float64 on the CPU.</summary>
    /// <exception cref="ArgumentException">Sigma is not finite, not symmetric, or singular to the precision it came in.</exception>
    public static Tensor Of(Tensor covariance)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        double epsilon = (covariance.dtype == float64 ? 2.2e-16 : 1.2e-7) * 10 * covariance.size(0);
        var sigma = covariance.to(float64).cpu();
        double asymmetry = (sigma - sigma.transpose(0, 1)).abs().max().ToDouble(), size = sigma.abs().max().ToDouble();
        if (!double.IsFinite(size)) throw new ArgumentException("The covariance is not finite.", nameof(covariance));
        if (asymmetry > epsilon * size)
            throw new ArgumentException($"The covariance is not symmetric: two mirrored entries differ by {asymmetry:G3}.", nameof(covariance));

        // L_ii² / Sigma_ii is the part of feature i's variance that the features before it leave unexplained.
        var (scale, info) = linalg.cholesky_ex(sigma, false);
        double unexplained = info.item<int>() != 0 ? 0 : (scale.diagonal(0, 0, 1).square() / sigma.diagonal(0, 0, 1)).min().ToDouble();
        return unexplained > epsilon
            ? scope.MoveToOuter(scale)
            : throw new ArgumentException(
                "The covariance is singular or not positive definite: some feature is a combination of others, or constant. Leave such features out, or add a little to the diagonal.", nameof(covariance));
    }
}
