using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowKit.Tests.Runtime.Kernels;

/// <summary>A masked linear layer in tiles beside the same layer in libtorch, in float64. Between tiles and outside the mask lies NaN, which must not be read.</summary>
internal sealed unsafe class LayerCase<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int outputs, inputs, batch, tiles;
    private readonly nint xStep, yStep;
    private readonly T[] weight, bias, x, g;

    /// <param name="sizes">Outputs, inputs and batch.</param>
    /// <param name="mask">dense, staircase, strict, random or blocks.</param>
    /// <param name="gap">Numbers between one tile and the next.</param>
    public LayerCase((int Outputs, int Inputs, int Batch) sizes, string mask, int gap)
    {
        (outputs, inputs, batch) = sizes;
        tiles = Tile.Count(batch);
        (xStep, yStep) = (inputs * Tile.Lanes + gap, outputs * Tile.Lanes + gap);
        manual_seed(outputs + 7 * inputs + 31 * batch);
        bool[] has = Mask(mask);
        Layer = new TileLinear(outputs, inputs, mask == "dense" ? null : has);
        Has = tensor(has, dtype: ScalarType.Float64, device: CPU).view(outputs, inputs);
        Weight = Rounded(outputs, inputs);
        Bias = Rounded(outputs);
        X = Rounded(batch, inputs);
        G = Rounded(batch, outputs);
        weight = Pinned(Weight);
        for (int i = 0; i < has.Length; i++)
            if (!has[i]) weight[i] = T.NaN;
        bias = Pinned(Bias);
        x = Tiles(X, xStep);
        g = Tiles(G, yStep);
        Weight = Weight * Has;
    }

    public TileLinear Layer { get; }

    public Tensor Weight { get; }

    public Tensor Bias { get; }

    public Tensor X { get; }

    public Tensor G { get; }

    public Tensor Has { get; }

    /// <summary>How far a result may be from libtorch's, in terms of the sum of the magnitudes of what was added.</summary>
    public static double Tolerance => typeof(T) == typeof(float) ? 1e-6 : 1e-12;

    /// <summary>act(W x + b), (B, outputs), from so many calls.</summary>
    public Tensor Forward(TileKernels<T> kernels, Gate gate, bool hasBias = true, int calls = 1)
    {
        T[] y = Filled(tiles * yStep);
        for (int call = 0; call < calls; call++)
        {
            var (from, count) = Slice(call, calls);
            kernels.Forward(Layer, At(weight), hasBias ? At(bias) : null, At(x) + from * xStep, xStep, At(y) + from * yStep, yStep, count, gate);
        }
        return Rows(y, yStep, outputs);
    }

    /// <summary>act(W x + b), or act(W x + g) in place of g, (B, outputs), tile by tile.</summary>
    public Tensor Dense(TileKernels<T> kernels, Gate gate, bool adds)
    {
        T[] y = adds ? Tiles(G, yStep) : Filled(tiles * yStep);
        for (int tile = 0; tile < tiles; tile++) kernels.Dense(At(weight), inputs, outputs, inputs, At(x) + tile * xStep, adds ? null : At(bias), At(y) + tile * yStep, gate);
        return Rows(y, yStep, outputs);
    }

    /// <summary>Wᵀ g, (B, inputs), times the slope of a gate at x.</summary>
    public Tensor InputGradient(TileKernels<T> kernels, Gate gate, int calls = 1)
    {
        T[] gx = Filled(tiles * xStep);
        for (int call = 0; call < calls; call++)
        {
            var (from, count) = Slice(call, calls);
            kernels.InputGradient(Layer, At(weight), At(g) + from * yStep, yStep, At(gx) + from * xStep, xStep, count, gate, At(x) + from * xStep, xStep);
        }
        return Rows(gx, xStep, inputs);
    }

    /// <summary>Σ g xᵀ and Σ g, added to <paramref name="start"/> where there is one.</summary>
    public (Tensor Weight, Tensor Bias) WeightGradient(TileKernels<T> kernels, int parts, double? start = null)
    {
        T[] transposed = Filled(tiles * Layer.TransposedStep), gw = Filled(outputs * inputs), gb = Filled(outputs);
        if (start is { } value)
        {
            Array.Fill(gw, T.CreateChecked(value));
            Array.Fill(gb, T.CreateChecked(value));
        }
        Layer.Transpose(At(x), xStep, tiles, At(transposed), Layer.TransposedStep);
        for (int part = parts - 1; part >= 0; part--) kernels.WeightGradient(Layer, At(g), yStep, At(transposed), Layer.TransposedStep, tiles, At(gw), At(gb), start is not null, part, parts);
        return (Of(gw).view(outputs, inputs), Of(gb));
    }

    /// <summary>Fails where a result is further from the truth than rounding explains.</summary>
    public static void AssertClose(Tensor truth, Tensor result, Tensor magnitude)
    {
        Assert.Equal(truth.shape, result.shape);
        foreach (var (expected, got, size) in Numbers(truth).Zip(Numbers(result), Numbers(magnitude))) Assert.InRange(got, expected - Tolerance * size, expected + Tolerance * size);
    }

    private (int From, int Count) Slice(int call, int calls) => (call * tiles / calls, ((call + 1) * tiles / calls) - (call * tiles / calls));

    private bool[] Mask(string kind)
    {
        double[] random = Numbers(rand(outputs, inputs, dtype: ScalarType.Float64, device: CPU));
        return [.. Enumerable.Range(0, outputs * inputs).Select(i => (i / inputs, i % inputs) is var (row, column) && kind switch
        {
            "staircase" => (row + 1) * inputs >= (column + 1) * outputs,
            "strict" => row * inputs / outputs > column,
            "random" => random[i] < 0.5,
            "blocks" => row / 9 % 2 != column / 20 % 2,
            _ => true,
        })];
    }

    private static Tensor Rounded(params long[] shape) => randn(shape, dtype: ScalarType.Float64, device: CPU).to(typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64).to(ScalarType.Float64);

    private T[] Tiles(Tensor rows, nint step)
    {
        T[] from = Pinned(rows), to = Filled(tiles * step);
        int features = (int)rows.size(1);
        for (int tile = 0; tile < tiles; tile++) TileMath.Load(At(from) + tile * Tile.Lanes * features, features, Math.Min(Tile.Lanes, batch - tile * Tile.Lanes), features, At(to) + tile * step);
        return to;
    }

    private Tensor Rows(T[] from, nint step, int features)
    {
        T[] rows = Filled(batch * features);
        for (int tile = 0; tile < tiles; tile++)
        {
            TileMath.Store(At(from) + tile * step, features, At(rows) + tile * Tile.Lanes * features, features, Math.Min(Tile.Lanes, batch - tile * Tile.Lanes));
            for (nint i = (nint)features * Tile.Lanes; i < step; i++) Assert.True(T.IsNaN(from[tile * step + i]), "Something was written between two tiles.");
        }
        return Of(rows).view(batch, features);
    }

    private static T[] Pinned(Tensor values)
    {
        double[] from = Numbers(values);
        T[] to = Filled(from.Length);
        for (int i = 0; i < from.Length; i++) to[i] = T.CreateChecked(from[i]);
        return to;
    }

    private static T[] Filled(nint count)
    {
        T[] numbers = GC.AllocateArray<T>((int)count, pinned: true);
        Array.Fill(numbers, T.NaN);
        return numbers;
    }

    // TorchSharp cannot read an empty tensor.
    private static double[] Numbers(Tensor values) => values.numel() == 0 ? [] : values.contiguous().data<double>().ToArray();

    private static Tensor Of(T[] numbers) => tensor(Array.ConvertAll(numbers, double.CreateChecked), dtype: ScalarType.Float64, device: CPU);

    private static T* At(T[] pinned) => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
