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

    /// <summary>H_K ... H_1 itself, (D, D), in a few products of matrices instead of K steps.</summary>
    /// <remarks>With rows w = sqrt(2) v/|v| it is I - Wᵀ L⁻¹ W, L the unit lower triangle of W Wᵀ: Joffrain et al. 2006, Accumulating Householder transformations, revisited, ACM TOMS 32(2).</remarks>
    /// <param name="vectors">(K, D); a zero vector is no reflection.</param>
    public static Tensor Product(Tensor vectors)
    {
        var w = vectors / linalg.vector_norm(vectors, 2, [-1], keepdim: true).clamp_min(1e-18) * Math.Sqrt(2);
        return eye(w.size(1), dtype: w.dtype, device: w.device) - w.t().mm(linalg.solve_triangular(w.mm(w.t()).tril(-1), w, upper: false, unitriangular: true));
    }
}
