namespace FlowKit.Transforms;

/// <summary>Features in another order: feature i of y is feature order[i] of x.</summary>
internal sealed unsafe class PermutationStep(int[] order) : TileStep(order.Length)
{
    private readonly long[] indices = [.. order.Select(i => (long)i)];

    /// <inheritdoc/>
    public override int Kept => 0;

    /// <inheritdoc/>
    public override int Left => order.Length;

    /// <inheritdoc/>
    public override int Parts => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => [];

    /// <inheritdoc/>
    public override void Forward<T>(T** parameters, T* x, T* context, int contextRows, T* y, T* logDet, T* kept, int tiles)
    {
        for (int t = 0; t < tiles; t++) TileRows.Gather(x + t * Features * Tile.Lanes, order, y + t * Features * Tile.Lanes);
    }

    /// <inheritdoc/>
    public override void Backward<T>(T** parameters, T* x, T* kept, T* gradient, T* ofLogDet, T* ofContext, int contextRows, T* left, int tiles, bool goesOn)
    {
        for (int t = 0; t < tiles; t++)
        {
            T* of = gradient + t * Features * Tile.Lanes, aside = left + t * Left * Tile.Lanes;
            TileRows.Copy(of, aside, Features);
            TileRows.Scatter(aside, order, of);
        }
    }

    /// <inheritdoc/>
    public override void ParameterGradients<T>(int part, T* left, T** gradients, bool add, int tiles) { }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Apply(Tensor x, Tensor? context, ReadOnlySpan<Tensor> parameters) =>
        (x.index_select(1, tensor(indices, dtype: int64, device: x.device)), x.new_zeros(x.size(0)));
}
