using System.Numerics;

namespace FlowKit.Transforms;

/// <summary>y = x exp(s) + t with the same s and t for every sample, or backwards x = (y - t) exp(-s); t may be missing.</summary>
/// <param name="features">D.</param>
/// <param name="inverse">Whether it is taken backwards.</param>
/// <param name="parameters">s, or s and t, (D) each.</param>
internal sealed unsafe class ScaleStep(int features, bool inverse, IReadOnlyList<Tensor> parameters) : TileStep(features)
{
    private const int Lanes = Tile.Lanes;
    private const int Together = 8;                                           // tiles: longer sums lose precision

    /// <inheritdoc/>
    public override int Kept => 0;

    /// <inheritdoc/>
    public override int Left => parameters.Count * Features;

    /// <inheritdoc/>
    public override int Parts => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters => parameters;

    private bool HasShift => Parameters.Count > 1;

    /// <inheritdoc/>
    public override void Forward<T>(T** parameters, T* x, T* context, int contextRows, T* y, T* logDet, T* kept, int tiles)
    {
        bool hasShift = HasShift;
        for (int t = 0; t < tiles; t++)
            for (int f = 0; f < Features; f++)
            {
                T s = parameters[0][f], scale = T.Exp(inverse ? -s : s), shift = hasShift ? parameters[1][f] : T.Zero;
                T* from = x + (t * Features + f) * Lanes, to = y + (t * Features + f) * Lanes, total = logDet + t * Lanes;
                for (int i = 0; i < Lanes; i += Vector<T>.Count)
                {
                    var at = Vector.Load(from + i);
                    (inverse ? (at - new Vector<T>(shift)) * scale : at * scale + new Vector<T>(shift)).Store(to + i);
                    (Vector.Load(total + i) + new Vector<T>(inverse ? -s : s)).Store(total + i);
                }
            }
    }

    /// <inheritdoc/>
    public override void Backward<T>(T** parameters, T* x, T* kept, T* gradient, T* ofLogDet, T* ofContext, int contextRows, T* left, int tiles, bool goesOn)
    {
        bool hasShift = HasShift;
        for (int t = 0; t < tiles; t++)
            for (int f = 0; f < Features; f++)
            {
                T s = parameters[0][f], scale = T.Exp(inverse ? -s : s), shift = hasShift ? parameters[1][f] : T.Zero;
                T* from = x + (t * Features + f) * Lanes, of = gradient + (t * Features + f) * Lanes, slope = ofLogDet + t * Lanes;
                T* ofScale = left + (t * Left + f) * Lanes, ofShift = hasShift ? ofScale + Features * Lanes : null;
                for (int i = 0; i < Lanes; i += Vector<T>.Count)
                {
                    var (at, given) = (Vector.Load(from + i), Vector.Load(of + i));
                    var passed = given * scale;
                    var stretch = (inverse ? at - new Vector<T>(shift) : at) * passed + Vector.Load(slope + i);
                    (inverse ? -stretch : stretch).Store(ofScale + i);
                    if (hasShift) (inverse ? -passed : given).Store(ofShift + i);
                    passed.Store(of + i);
                }
            }
    }

    /// <inheritdoc/>
    public override void ParameterGradients<T>(int part, T* left, T** gradients, bool add, int tiles)
    {
        for (int row = 0; row < Left; row++)
        {
            T* gradient = gradients[row / Features] + row % Features;
            if (!add) *gradient = T.Zero;
            for (int from = 0; from < tiles; from += Together)
            {
                var sum = Vector<T>.Zero;
                for (int t = from; t < Math.Min(tiles, from + Together); t++)
                    for (int i = 0; i < Lanes; i += Vector<T>.Count) sum += Vector.Load(left + (t * Left + row) * Lanes + i);
                *gradient += Vector.Sum(sum);
            }
        }
    }

    /// <inheritdoc/>
    public override (Tensor Y, Tensor LogDet) Apply(Tensor x, Tensor? context, ReadOnlySpan<Tensor> parameters)
    {
        var s = parameters[0];
        var shift = parameters.Length > 1 ? parameters[1] : s.new_zeros(1);
        return (inverse ? (x - shift) * s.neg().exp() : x * s.exp() + shift, (inverse ? s.neg() : s).sum().expand(x.size(0)));
    }
}
