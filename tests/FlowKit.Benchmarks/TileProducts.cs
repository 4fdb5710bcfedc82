using FlowKit.Conditioners;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowKit.Benchmarks;

/// <summary>The products of <see cref="MatrixProducts"/> by the tile kernels: of a masked weight only those that its mask leaves.</summary>
internal sealed unsafe class TileProducts
{
    // Tiles that a thread takes through all layers at a time: they stay in its cache.
    private const int Widest = 4;

    private readonly Layer[] layers;
    private readonly int threads, tiles, slice;

    /// <param name="flow">Whose weights.</param>
    /// <param name="rows">Of the batch.</param>
    /// <param name="threads">That share the tiles.</param>
    public TileProducts(Flow flow, int rows, int threads)
    {
        this.threads = threads;
        tiles = Tile.Count(rows);
        slice = Math.Min(Widest, (tiles + threads - 1) / threads);
        var masked = flow.modules().OfType<MaskedLinear>().ToArray();
        layers = [.. flow.parameters().Where(weight => weight.Dimensions == 2).Select(weight => new Layer(weight, MaskOf(weight), threads * slice))];

        bool[]? MaskOf(Parameter weight) => masked.FirstOrDefault(layer => ReferenceEquals(layer.Weight, weight))?.Mask(0).to(ScalarType.Bool).data<bool>().ToArray();
    }

    /// <summary>W x for each weight.</summary>
    public void Forward() => Team.Run(threads, part =>
    {
        for (int from = part * slice; from < tiles; from += threads * slice)
            foreach (var layer in layers) layer.Forward(part * slice, Math.Min(slice, tiles - from));
    }, threads);

    /// <summary>W x, and the gradients Wᵀ g and Σ g xᵀ; for batches whose tiles fit into one slice of each thread.</summary>
    public void Train()
    {
        Team.Run(threads, part =>
        {
            int count = Math.Min(slice, tiles - part * slice);
            foreach (var layer in layers) layer.Forward(part * slice, count);
            foreach (var layer in layers) layer.Backward(part * slice, count);
        }, threads);
        Team.Run(threads, part =>
        {
            foreach (var layer in layers) layer.WeightGradient(tiles, part, threads);
        }, threads);
    }

    /// <summary>A weight with the memory of its tiles.</summary>
    private sealed class Layer
    {
        private readonly TileLinear linear;
        private readonly Tensor weight, x, y, transposed, gradient;

        public Layer(Parameter weight, bool[]? mask, int tiles)
        {
            linear = new((int)weight.size(0), (int)weight.size(1), mask);
            this.weight = weight.detach();
            x = Noise(tiles * XStep);
            y = Noise(tiles * YStep);
            transposed = Noise(tiles * linear.TransposedStep);
            gradient = empty_like(this.weight);
        }

        private nint XStep => (nint)linear.Inputs * Tile.Lanes;

        private nint YStep => (nint)linear.Outputs * Tile.Lanes;

        public void Forward(int from, int count) => linear.Forward(At(weight), null, At(x) + from * XStep, XStep, At(y) + from * YStep, YStep, count, Gate.None);

        public void Backward(int from, int count)
        {
            linear.Transpose(At(x) + from * XStep, XStep, count, At(transposed) + from * linear.TransposedStep, linear.TransposedStep);
            linear.InputGradient(At(weight), At(y) + from * YStep, YStep, At(x) + from * XStep, XStep, count);
        }

        public void WeightGradient(int tiles, int part, int parts) => linear.WeightGradient(At(y), YStep, At(transposed), linear.TransposedStep, tiles, At(gradient), null, add: false, part, parts);

        private static Tensor Noise(long count) => randn(count, dtype: ScalarType.Float32, device: CPU);

        private static float* At(Tensor tensor)
        {
            fixed (byte* at = tensor.bytes) return (float*)at;
        }
    }
}
