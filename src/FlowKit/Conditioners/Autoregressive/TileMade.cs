using System.Numerics;
using FlowKit.Transforms;

namespace FlowKit.Conditioners;

/// <summary>A MADE over tiles of samples, position by position, without gradients: the hot loop of sampling.</summary>
/// <remarks>
/// <para>Units are rows, sorted by degree, so that what is known is always the first rows of a layer. Positions are taken in blocks, as in a blocked triangular solve:
/// on entering a block, what is known contributes to all of its units and outputs in large products; inside, a step adds the few units of the block, which are still near.</para>
/// <para>A tile's memory is the context and the features, every hidden layer, the sums of a block's outputs and the outputs of one position, one under the other.
/// No tile's numbers depend on another's, so that any split of a batch over threads gives the same bits.</para>
/// </remarks>
internal sealed unsafe class TileMade<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int UnitsOfABlock = 64, Lanes = Tile.Lanes;

    private readonly int[] order;
    private readonly int[][] ends;
    private readonly int[] firsts;               // the row of a tile at which the input begins, each hidden layer, the sums, and the outputs
    private readonly Layer[] layers;
    private readonly Layer? direct;
    private readonly Tensor? context;
    private readonly Gate gate;
    private readonly int features, size, parameters, hidden, block, given;

    /// <summary>The network as it is now, for a batch.</summary>
    /// <param name="made">It reads something.</param>
    /// <param name="context">(B, C), or none.</param>
    public TileMade(Made made, Tensor? context)
    {
        var degrees = made.CurrentDegrees;
        (order, features, size, parameters, hidden) = (degrees.Order, degrees.Order.Length, made.PositionSize, made.Parameters * made.PositionSize, degrees.Hidden.Length);
        (this.context, given, gate) = (context?.contiguous(), (int)made.ContextSize, made.Activation.Loop);
        var sorting = made.Sorting;
        ends = sorting.Ends;
        int widest = degrees.Hidden.Select(layer => layer.Length).DefaultIfEmpty(features).Max();
        block = Math.Clamp(UnitsOfABlock * features / widest, 1, UnitsOfABlock);

        int[] rows = [given + features * size, .. degrees.Hidden.Select(layer => layer.Length), block * parameters, parameters];
        firsts = new int[rows.Length];
        for (int i = 1; i < rows.Length; i++) firsts[i] = firsts[i - 1] + rows[i - 1];
        Rows = rows.Sum();

        layers = [.. made.Layers.Select((layer, l) => new Layer(sorting.Rows(l, sorting.Columns(l, layer.Weight)), sorting.Rows(l, layer.Bias!)))];
        if (made.Direct is not null) direct = new Layer(sorting.Rows(hidden, sorting.Columns(0, made.Direct.Weight)), null);
    }

    /// <summary>Rows of a tile's memory.</summary>
    public int Rows { get; }

    /// <summary>The values of an autoregressive transform's inverse, (B, D), and the log-determinants, (B).</summary>
    public (Tensor X, Tensor LogDet) Inverse(ITileMap map, Tensor z)
    {
        z = z.contiguous();
        var (x, total) = (empty_like(z), z.new_empty(z.size(0)));
        T* from = TensorMemory.Of<T>(z), to = TensorMemory.Of<T>(x), totals = TensorMemory.Of<T>(total);
        long batch = z.size(0);
        Team.Run(Tile.Count(batch), t =>
        {
            using var memory = new TileMemory<T>(Rows + features + 1);
            T* tile = memory.First, at = tile + Rows * Lanes, logDet = at + features * Lanes;
            int count = (int)Math.Min(Lanes, batch - (long)t * Lanes);
            nint first = (nint)t * Lanes * features;
            TileMath.Load(from + first, features, count, features, at);
            new Span<T>(logDet, Lanes).Clear();
            Begin(tile, t, count);
            for (int q = 0; q < features; q++)
            {
                T* value = at + order[q] * Lanes;
                TileKernels<T>.Best.Forward(map, value, Outputs(tile, q), value, logDet, 1, inverse: true);
                TileRows.Copy(value, Value(tile, q), 1);
                Advance(tile, q + 1);
            }
            TileMath.Store(at, features, to + first, features, count);
            TileMath.Store(logDet, 1, totals + t * Lanes, 1, count);
        }, Runtime.Threads);
        GC.KeepAlive(z);
        return (x, total);
    }

    /// <summary>Prepares a tile for its first position.</summary>
    /// <param name="tile">Its memory.</param>
    /// <param name="t">Which tile of the batch.</param>
    /// <param name="count">Its samples.</param>
    public void Begin(T* tile, int t, int count)
    {
        if (context is not null) TileMath.Load(TensorMemory.Of<T>(context) + (nint)t * Lanes * given, given, count, given, tile);
        for (int layer = 0; layer < hidden; layer++) Dense(layers[layer], 0, ends[layer][0], tile, layer, 0, Known(layer, 0), Row(tile, layer + 1), gate, isFirst: true);
        Enter(tile, 0);
    }

    /// <summary>Where the value of a position belongs.</summary>
    public T* Value(T* tile, int position) => tile + (given + position * size) * Lanes;

    /// <summary>The outputs of the next position, (P size, 64).</summary>
    public T* Outputs(T* tile, int position)
    {
        int start = StartOf(position), row = position * parameters;
        T* outputs = Row(tile, hidden + 2);
        TileRows.Copy(Row(tile, hidden + 1) + (row - start * parameters) * Lanes, outputs, parameters);
        Dense(layers[hidden], row, parameters, tile, hidden, Known(hidden, start), Known(hidden, position), outputs, Gate.None, isFirst: false);
        if (direct is not null) Dense(direct, row, parameters, tile, 0, Known(0, start), Known(0, position), outputs, Gate.None, isFirst: false);
        return outputs;
    }

    /// <summary>Goes on to a position: the value before it is in its place.</summary>
    public void Advance(T* tile, int position)
    {
        if (position == features) return;

        for (int layer = 0; layer < hidden; layer++)
        {
            var (from, to) = (ends[layer][position - 1], ends[layer][position]);
            Dense(layers[layer], from, to - from, tile, layer, Known(layer, StartOf(position - 1)), Known(layer, position), Row(tile, layer + 1) + from * Lanes, gate, isFirst: false);
        }
        if (StartOf(position) == position) Enter(tile, position);
    }

    /// <summary>Begins a block: everything known so far contributes to all of its units and outputs.</summary>
    private void Enter(T* tile, int start)
    {
        int end = Math.Min(start + block, features), outputs = (end - start) * parameters;
        for (int layer = 0; layer < hidden; layer++)
        {
            var (from, to) = (ends[layer][start], ends[layer][Math.Min(end, features - 1)]);
            Dense(layers[layer], from, to - from, tile, layer, 0, Known(layer, start), Row(tile, layer + 1) + from * Lanes, Gate.None, isFirst: true);
        }
        Dense(layers[hidden], start * parameters, outputs, tile, hidden, 0, Known(hidden, start), Row(tile, hidden + 1), Gate.None, isFirst: true);
        if (direct is not null) Dense(direct, start * parameters, outputs, tile, 0, 0, Known(0, start), Row(tile, hidden + 1), Gate.None, isFirst: false);
    }

    private int StartOf(int position) => position / block * block;

    private T* Row(T* tile, int part) => tile + firsts[part] * Lanes;

    /// <summary>How many of the rows that a layer reads are known once that many features are.</summary>
    private int Known(int layer, int count) => layer == 0 ? given + count * size : ends[layer - 1][Math.Min(count, features - 1)];

    /// <summary>sums = gate(sums + W[row.., from..to] x), x what that layer reads; the first time the bias takes the place of the sums.</summary>
    private void Dense(Layer layer, int row, int rows, T* tile, int read, int from, int to, T* sums, Gate gate, bool isFirst) =>
        TileKernels<T>.Best.Dense(layer.Weight + (nint)row * layer.Step + from, layer.Step, rows, to - from, Row(tile, read) + from * Lanes, isFirst ? layer.Bias + row : null, sums, gate);

    /// <summary>Weights and biases, sorted.</summary>
    private sealed class Layer
    {
        private readonly Tensor weight;
        private readonly Tensor? bias;

        public Layer(Tensor weight, Tensor? bias)
        {
            (this.weight, this.bias, Step) = (weight.contiguous(), bias?.contiguous(), (int)weight.size(1));
            Weight = TensorMemory.Of<T>(this.weight);
            Bias = bias is null ? null : TensorMemory.Of<T>(this.bias!);
        }

        public T* Weight { get; }

        public T* Bias { get; }

        public int Step { get; }
    }
}
