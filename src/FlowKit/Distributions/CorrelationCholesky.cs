namespace FlowKit.Distributions;

/// <summary>R = L Lᵀ of any D (D - 1) / 2 numbers: the rows of L have unit norm and a positive diagonal, so that R has ones on its own. Zeros give independence.</summary>
/// <param name="Scale">L, (rows, D, D), lower triangular.</param>
/// <param name="LogDet">ln det L, (rows), half of ln det R.</param>
internal sealed record CorrelationCholesky(Tensor Scale, Tensor LogDet)
{
    private const double Most = 1e4;          // |correlation| below 1 - 5e-9

    /// <summary>Numbers below the diagonal of L: D (D - 1) / 2.</summary>
    public static long Count(long features) => features * (features - 1) / 2;

    /// <summary>Where they stand in a matrix of D² numbers, row by row, int64.</summary>
    public static Tensor Places(long features)
    {
        long[] below = [.. from row in Enumerable.Range(0, (int)features) from column in Enumerable.Range(0, row) select row * features + column];
        return tensor(below, dtype: int64, device: CPU);
    }

    /// <summary>Row i is (a_i1, ..., a_i(i-1), 1) over its norm.</summary>
    /// <param name="below">a, (rows, D (D - 1) / 2).</param>
    /// <param name="places">Of <see cref="Places"/>, on the same device.</param>
    /// <param name="features">D.</param>
    public static CorrelationCholesky Of(Tensor below, Tensor places, long features)
    {
        var empty = zeros([below.size(0), features * features], dtype: below.dtype, device: below.device);
        var raw = empty.index_copy(1, places, below.clamp(-Most, Most)).view(-1, features, features) + eye(features, dtype: below.dtype, device: below.device);
        var logNorm = raw.square().sum(dim: 2).log() / 2;                     // (rows, D)
        return new(raw * logNorm.neg().exp().unsqueeze(2), -logNorm.sum(dim: 1));
    }
}
