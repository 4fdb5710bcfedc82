using System.Numerics;

namespace FlowKit.Conditioners;

/// <summary>The steps without gradients, on the CPU: a <see cref="TileMade{T}"/> whose positions the caller computes.</summary>
internal sealed unsafe class PlainMadeSteps<T> : MadeSteps where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Made made;
    private readonly TileMade<T>? network;       // null where there is nothing to read
    private readonly Tensor memory;              // of all tiles
    private readonly long batch;
    private readonly int size, parameters;
    private int position;

    public PlainMadeSteps(Made made, Tensor? context, Tensor like)
    {
        (this.made, batch, size, parameters) = (made, like.size(0), made.PositionSize, made.Parameters * made.PositionSize);
        if (made.Constant is null) network = new TileMade<T>(made, context);
        memory = empty(Tile.Count(batch), network?.Rows ?? 0, Tile.Lanes, dtype: like.dtype, device: like.device);
        Each((tile, t, count) => network!.Begin(tile, t, count));
    }

    public override Tensor Theta()
    {
        if (made.Constant is { } constant) return OfPosition(made, constant.expand(batch, parameters));

        var theta = empty(batch, parameters, dtype: memory.dtype, device: memory.device);
        T* to = TensorMemory.Of<T>(theta);
        Each((tile, t, count) => TileMath.Store(network!.Outputs(tile, position), parameters, to + (nint)t * Tile.Lanes * parameters, parameters, count));
        return OfPosition(made, theta);
    }

    public override void Append(Tensor value)
    {
        value = value.reshape(batch, size).to(memory.dtype).contiguous();
        T* from = TensorMemory.Of<T>(value);
        Each((tile, t, count) =>
        {
            TileMath.Load(from + (nint)t * Tile.Lanes * size, size, count, size, network!.Value(tile, position));
            network.Advance(tile, position + 1);
        });
        GC.KeepAlive(value);
        position++;
    }

    // Tile by tile: its memory, which one it is, and its samples.
    private void Each(OfTile work)
    {
        if (network is null) return;

        T* first = TensorMemory.Of<T>(memory);
        nint step = (nint)network.Rows * Tile.Lanes;
        Team.Run(Tile.Count(batch), t => work(first + t * step, t, (int)Math.Min(Tile.Lanes, batch - (long)t * Tile.Lanes)), Runtime.Threads);
    }

    private delegate void OfTile(T* tile, int t, int count);
}
