using FlowKit.Conditioners;

namespace FlowKit.Transforms;

/// <summary>Some features are mapped element by element, with parameters that a perceptron reads from some features and the context: a coupling, or a masked autoregression the way of its formula.</summary>
/// <remarks>
/// A tile's memory is the network's (<see cref="TileNet"/>; it reads the features, then the context), and under it the mapped elements; so is that of the way back.
/// </remarks>
/// <param name="features">D.</param>
/// <param name="read">The features that the network reads.</param>
/// <param name="mapped">The features that are mapped; the network's outputs are P for each of them, P-major.</param>
/// <param name="net">The network.</param>
/// <param name="map">Maps an element; one that has <see cref="ElementwiseMap.Tiles"/>.</param>
/// <param name="inverse">Whether the map is taken backwards.</param>
internal sealed unsafe class ConditionedStep(int features, int[] read, int[] mapped, TileNet net, ElementwiseMap map, bool inverse) : TileStep(features)
{
    private const int Lanes = Tile.Lanes;

    private readonly int[] passed = [.. Enumerable.Range(0, features).Except(mapped)];
    private readonly ITileMap loop = map.Tiles!;
    private readonly int contextOf = net.Inputs - read.Length;                // rows of the context that the network reads: all or none

    /// <summary>The network.</summary>
    public TileNet Net => net;

    /// <inheritdoc/>
    public override int Kept => net.Rows + mapped.Length;

    /// <inheritdoc/>
    public override int Left => net.BackRows + mapped.Length;

    /// <inheritdoc/>
    public override int Parts => net.Parts;

    /// <inheritdoc/>
    public override long Work => net.Work;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => net.Parameters;

    /// <inheritdoc/>
    public override void Forward<T>(T** parameters, T* x, T* context, int contextRows, T* y, T* logDet, T* kept, int tiles)
    {
        nint step = Kept * Lanes, width = Features * Lanes;
        for (int t = 0; t < tiles; t++)
        {
            T* memory = kept + t * step, from = x + t * width;
            TileRows.Gather(from, read, memory);
            TileRows.Copy(context + t * contextRows * Lanes, memory + read.Length * Lanes, contextOf);
            TileRows.Gather(from, mapped, memory + net.Rows * Lanes);
            TileRows.Pass(from, passed, y + t * width);
        }
        net.Forward(parameters, kept, step, tiles);
        for (int t = 0; t < tiles; t++)
        {
            T* memory = kept + t * step, at = memory + net.Rows * Lanes;
            TileKernels<T>.Best.Forward(loop, at, memory + net.Output * Lanes, at, logDet + t * Lanes, mapped.Length, inverse);
            TileRows.Scatter(at, mapped, y + t * width);
        }
    }

    /// <inheritdoc/>
    public override void Backward<T>(T** parameters, T* x, T* kept, T* gradient, T* ofLogDet, T* ofContext, int contextRows, T* left, int tiles, bool goesOn)
    {
        nint step = Kept * Lanes, backStep = Left * Lanes, width = Features * Lanes;
        for (int t = 0; t < tiles; t++)
        {
            T* memory = kept + t * step, back = left + t * backStep, at = memory + net.Rows * Lanes, of = back + net.BackRows * Lanes;
            TileRows.Gather(x + t * width, mapped, at);                       // the way there left the values in this place
            TileRows.Gather(gradient + t * width, mapped, of);
            TileKernels<T>.Best.Backward(loop, at, memory + net.Output * Lanes, of, ofLogDet + t * Lanes, of, back + net.Output * Lanes, mapped.Length, inverse);
        }
        net.Backward(parameters, kept, step, left, backStep, tiles, toInput: goesOn);
        if (!goesOn) return;
        for (int t = 0; t < tiles; t++)
        {
            T* back = left + t * backStep, to = gradient + t * width;
            TileRows.Scatter(back + net.BackRows * Lanes, mapped, to);
            TileRows.ScatterAdd(back, read, to);
            TileRows.Add(back + read.Length * Lanes, ofContext + t * contextRows * Lanes, contextOf);
        }
    }

    /// <inheritdoc/>
    public override void ParameterGradients<T>(int part, T* left, T** gradients, bool add, int tiles) =>
        net.ParameterGradients(part, left, Left * Lanes, gradients, add, tiles);

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Apply(Tensor x, Tensor? context, ReadOnlySpan<Tensor> parameters)
    {
        var (input, at) = (x.index_select(1, Indices(read, x)), x.index_select(1, Indices(mapped, x)));
        var theta = net.Apply(contextOf == 0 ? input : cat([input, context!], 1), parameters).unflatten(1, [map.ParameterCount, mapped.Length]);
        var (value, logSlope) = inverse ? map.Inverse(at, theta) : map.Forward(at, theta);
        return (x.index_copy(1, Indices(mapped, x), value), logSlope.sum(1));
    }

    private static Tensor Indices(int[] features, Tensor like) => tensor(features.Select(i => (long)i).ToArray(), dtype: int64, device: like.device);
}
