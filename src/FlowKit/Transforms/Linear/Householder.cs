namespace FlowKit.Transforms;

/// <summary>Products of Householder reflections H_v = I - 2 v vᵀ/|v|².</summary>
internal static class Householder
{
    /// <summary>H_K ... H_1 A: the first vector reflects first.</summary>
    /// <param name="vectors">(..., K, D); a zero vector is no reflection.</param>
    /// <param name="a">(..., D, M).</param>
    public static Tensor Reflect(Tensor vectors, Tensor a)
    {
        var unit = vectors / linalg.vector_norm(vectors, 2, [-1], keepdim: true).clamp_min(1e-18);
        foreach (var v in (unit * Math.Sqrt(2)).unsqueeze(-1).unbind(-3))     // (..., D, 1)
            a = a - v.matmul(v.mT.matmul(a));
        return a;
    }
}
