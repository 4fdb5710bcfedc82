namespace FlowKit.Transforms;

/// <summary>W = P L U from one matrix: L's entries below its diagonal (L has ones on its own), U's above; U's diagonal and P's order apart.</summary>
/// <remarks>(P y)_i = y_{order[i]}. ln|det W| = sum of ln|diagonal|.</remarks>
internal static class Plu
{
    public static Tensor Product(Tensor packed, Tensor diagonal, Tensor order) =>
        (packed.tril(-1) + Identity(packed)).matmul(Upper(packed, diagonal)).index_select(0, order);

    public static Tensor Inverse(Tensor packed, Tensor diagonal, Tensor order)
    {
        var unordered = Identity(packed).index_select(0, order).t();         // P⁻¹
        var solved = linalg.solve_triangular(packed.tril(-1), unordered, upper: false, unitriangular: true);
        return linalg.solve_triangular(Upper(packed, diagonal), solved, upper: true);
    }

    private static Tensor Upper(Tensor packed, Tensor diagonal) => packed.triu(1) + diagonal.diag_embed();

    private static Tensor Identity(Tensor like) => eye(like.size(0), dtype: like.dtype, device: like.device);
}
