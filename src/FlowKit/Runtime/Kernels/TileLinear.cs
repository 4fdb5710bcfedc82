using System.Numerics;

namespace FlowKit;

/// <summary>y = act(W x + b) over tiles, and its gradients. It knows the sizes and the mask of W, not the numbers.</summary>
/// <remarks>W is row-major (outputs, inputs). What lies outside the mask is left out: it is never multiplied, whatever it holds. Any mask is right; staircases are fast.
/// The kernels are those of <see cref="TileKernels{T}.Best"/>. Nothing is checked: the memory is the caller's to know.</remarks>
internal sealed unsafe class TileLinear
{
    /// <summary>Products of so few columns are not worth a kernel.</summary>
    internal const int Thin = 4;

    // Columns of a transposed tile come in whole vectors of the widest kind.
    private const int Whole = 16;

    /// <param name="outputs">Rows of W.</param>
    /// <param name="inputs">Columns of W.</param>
    /// <param name="mask">Which entries W has, row-major (outputs, inputs); null = all.</param>
    public TileLinear(int outputs, int inputs, bool[]? mask = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        if (mask is not null && mask.Length != (long)outputs * inputs) throw new ArgumentException($"Expected one flag for each of {outputs} x {inputs} weights, got {mask.Length}.", nameof(mask));
        if (mask is not null && !mask.Contains(false)) mask = null;
        (Outputs, Inputs) = (outputs, inputs);
        Plan = new TilePlan(outputs, inputs, mask, inputs, 1);
        TransposedPlan = new TilePlan(inputs, outputs, mask, 1, inputs);
    }

    /// <summary>Rows of W, and of a tile of y.</summary>
    public int Outputs { get; }

    /// <summary>Columns of W, and rows of a tile of x.</summary>
    public int Inputs { get; }

    /// <summary>The products of W x.</summary>
    public TilePlan Plan { get; }

    /// <summary>The products of Wᵀ g.</summary>
    public TilePlan TransposedPlan { get; }

    /// <summary>Numbers of a transposed tile of x.</summary>
    public nint TransposedStep => (nint)Tile.Lanes * (Inputs <= Thin ? Inputs : (Inputs + Whole - 1) / Whole * Whole);

    /// <summary>y[t] = act(W x[t] + b).</summary>
    /// <param name="weight">W.</param>
    /// <param name="bias">b, (outputs); null = 0.</param>
    /// <param name="x">Tiles (inputs, 64).</param>
    /// <param name="xStep">Numbers from one tile of x to the next.</param>
    /// <param name="y">Receives tiles (outputs, 64).</param>
    /// <param name="yStep">Numbers from one tile of y to the next.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="gate">act.</param>
    public void Forward<T>(T* weight, T* bias, T* x, nint xStep, T* y, nint yStep, int tiles, Gate gate) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TileKernels<T>.Best.Forward(this, weight, bias, x, xStep, y, yStep, tiles, gate);

    /// <summary>gx[t] = Wᵀ gy[t], and behind a gate gx[t] = act'(x[t]) Wᵀ gy[t], with act' from what act gave: (x > 0) or 1 - x².</summary>
    /// <param name="weight">W.</param>
    /// <param name="gy">Tiles (outputs, 64).</param>
    /// <param name="gyStep">Numbers from one tile of gy to the next.</param>
    /// <param name="gx">Receives tiles (inputs, 64).</param>
    /// <param name="gxStep">Numbers from one tile of gx to the next.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="gate">The gate that x came through, if its gradient is wanted too.</param>
    /// <param name="x">This layer's input, (inputs, 64); read only for a gate.</param>
    /// <param name="xStep">Numbers from one tile of x to the next.</param>
    public void InputGradient<T>(T* weight, T* gy, nint gyStep, T* gx, nint gxStep, int tiles, Gate gate = Gate.None, T* x = null, nint xStep = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TileKernels<T>.Best.InputGradient(this, weight, gy, gyStep, gx, gxStep, tiles, gate, x, xStep);

    /// <summary>Prepares tiles of x for <see cref="WeightGradient"/>: samples in the rows, but for very few inputs. One tile is independent of the others, so threads can share the work.</summary>
    /// <param name="x">Tiles (inputs, 64).</param>
    /// <param name="xStep">Numbers from one tile of x to the next.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="transposed">Receives the tiles, each of <see cref="TransposedStep"/> numbers.</param>
    /// <param name="step">Numbers from one of them to the next.</param>
    public void Transpose<T>(T* x, nint xStep, int tiles, T* transposed, nint step) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int tile = 0; tile < tiles; tile++, x += xStep, transposed += step)
            if (Inputs <= Thin) new Span<T>(x, Inputs * Tile.Lanes).CopyTo(new Span<T>(transposed, Inputs * Tile.Lanes));
            else for (int from = 0; from < Inputs; from += Tile.Lanes)
                TileMath.Transpose(x + from * Tile.Lanes, Tile.Lanes, transposed + from * Tile.Lanes, BlockWidth(from), Math.Min(Tile.Lanes, Inputs - from), Tile.Lanes);
    }

    /// <summary>gW = Σ gy[t] x[t]ᵀ and gb = Σ gy[t] over tiles and samples: those rows that belong to a part of the work. A row's numbers do not depend on how many parts there are.</summary>
    /// <param name="gy">Tiles (outputs, 64), zero for the samples that pad the last one.</param>
    /// <param name="gyStep">Numbers from one tile of gy to the next.</param>
    /// <param name="transposed">What <see cref="Transpose"/> wrote.</param>
    /// <param name="step">Numbers from one of its tiles to the next.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="gw">Receives gW, row-major (outputs, inputs), zero outside the mask.</param>
    /// <param name="gb">Receives gb, (outputs); may be null.</param>
    /// <param name="add">Whether to add to what is there; outside the mask that stays.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">Of how many; together they write every row once.</param>
    public void WeightGradient<T>(T* gy, nint gyStep, T* transposed, nint step, int tiles, T* gw, T* gb, bool add, int part = 0, int parts = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TileKernels<T>.Best.WeightGradient(this, gy, gyStep, transposed, step, tiles, gw, gb, add, part, parts);

    /// <summary>A transposed tile is a row of blocks of 64 columns, each (64, width) in one piece; the last may be narrower.</summary>
    internal int BlockWidth(int from) => Math.Min(Tile.Lanes, (Inputs - from + Whole - 1) / Whole * Whole);
}
