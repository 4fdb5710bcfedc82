namespace FlowKit.Transforms;

/// <summary>(1 - cos r) / r² and (1 - sin r / r) / r² as functions of r², smooth through 0, with all derivatives.</summary>
internal static class ArcSeries
{
    private const int Terms = 9;              // 1 / 20! is less than the last bit

    /// <summary>The coefficients of both, (9, 2): (-1)^j / (2 j + 2)! and (-1)^j / (2 j + 3)!, the highest first.</summary>
    public static Tensor Coefficients()
    {
        double[] inverse = [.. Enumerable.Range(0, 2 * Terms + 2).Select(n => 1 / MathNet.Numerics.SpecialFunctions.Factorial(n))];
        return tensor([.. Enumerable.Range(0, Terms).Reverse().SelectMany(j => (double[])[Sign(j) * inverse[2 * j + 2], Sign(j) * inverse[2 * j + 3]])], [Terms, 2], dtype: float64, device: CPU);
    }

    /// <summary>Both, (B, 1) each.</summary>
    /// <param name="square">r², (B, 1).</param>
    /// <param name="coefficients">Of <see cref="Coefficients"/>.</param>
    /// <param name="isSmall">Whether no r exceeds 1.</param>
    public static (Tensor Cosine, Tensor Sine) Of(Tensor square, Tensor coefficients, bool isSmall)
    {
        var near = Horner(isSmall ? square : square.clamp_max(1), coefficients.unbind(0));
        if (!isSmall)
        {
            var far = square.clamp_min(1);
            var r = far.sqrt();
            near = where(square.gt(1), cat([1 - r.cos(), 1 - r.sin() / r], dim: 1) / far, near);
        }
        return (near.narrow(1, 0, 1), near.narrow(1, 1, 1));
    }

    private static Tensor Horner(Tensor x, Tensor[] coefficients)
    {
        var sum = coefficients[1].addcmul(x, coefficients[0], 1);
        for (int j = 2; j < Terms; j++) sum = coefficients[j].addcmul(x, sum, 1);
        return sum;                                                           // (B, 2)
    }

    private static int Sign(int j) => j % 2 == 0 ? 1 : -1;
}
