using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowKit;

/// <summary>The operations on tiles in vectors of one width.</summary>
internal sealed unsafe class VectorTileKernels<T, V> : TileKernels<T> where T : unmanaged, IBinaryFloatingPointIeee754<T> where V : struct, ISimd<V, T>
{
    // Bytes of tiles that are gone through for all rows of the weights before the next ones: they stay in the second-level cache.
    private const nint Near = 512 << 10;

    // Bytes of weights up to which a column of them is read where it lies; more would not stay in the first-level cache.
    private const nint Small = 24 << 10;

    // Tiles whose products are summed one after the other; longer sums lose precision.
    private const int Chain = 8;

    // What a kernel writes.
    private const int Sums = TilePlan.Rows * Tile.Lanes;

    // Lanes that one kernel does.
    private static int Abreast => V.Abreast * V.Count;

    /// <inheritdoc/>
    public override void Forward(TileLinear layer, T* weight, T* bias, T* x, nint xStep, T* y, nint yStep, int tiles, Gate gate)
    {
        var product = new Factor(layer.Plan, weight, layer.Inputs, 1, layer.Inputs, bias);
        if (gate == Gate.None) Product<Plain>(product, x, xStep, y, yStep, tiles, null, 0);
        else if (gate == Gate.Relu) Product<Relu>(product, x, xStep, y, yStep, tiles, null, 0);
        else if (gate == Gate.Tanh) Product<Tanh>(product, x, xStep, y, yStep, tiles, null, 0);
        else if (gate == Gate.Silu) Product<Silu>(product, x, xStep, y, yStep, tiles, null, 0);
        else Product<Sigmoid>(product, x, xStep, y, yStep, tiles, null, 0);
    }

    /// <inheritdoc/>
    public override void InputGradient(TileLinear layer, T* weight, T* gy, nint gyStep, T* gx, nint gxStep, int tiles, Gate gate, T* x, nint xStep)
    {
        var product = new Factor(layer.TransposedPlan, weight, 1, layer.Inputs, layer.Outputs, null);
        if (gate == Gate.None) Product<Plain>(product, gy, gyStep, gx, gxStep, tiles, null, 0);
        else if (gate == Gate.Relu) Product<ReluSlope>(product, gy, gyStep, gx, gxStep, tiles, x, xStep);
        else Product<TanhSlope>(product, gy, gyStep, gx, gxStep, tiles, x, xStep);
    }

    /// <inheritdoc/>
    public override void WeightGradient(TileLinear layer, T* gy, nint gyStep, T* transposed, nint step, int tiles, T* gw, T* gb, bool add, int part, int parts)
    {
        var plan = layer.Plan;
        int near = Math.Min(Chain, NearTiles(layer.Inputs));
        for (int group = 0; group < plan.Groups; group++)
        {
            if (add || plan.PartOf(group, parts) != part) continue;
            int row = TilePlan.Rows * group;
            new Span<T>(gw + (nint)row * layer.Inputs, plan.RowsOf(group) * layer.Inputs).Clear();
            if (gb != null) new Span<T>(gb + row, plan.RowsOf(group)).Clear();
        }
        T* sum = Scratch<T>.Take(Sums);
        for (int from = 0; from < tiles; from += near)
            for (int group = 0; group < plan.Groups; group++)
            {
                if (plan.PartOf(group, parts) != part) continue;
                int row = TilePlan.Rows * group, count = Math.Min(near, tiles - from);
                T* g = gy + from * gyStep + (nint)row * Tile.Lanes;
                if (layer.Inputs <= TileLinear.Thin) ThinGradient(layer, group, g, gyStep, transposed + from * step, step, count, gw + (nint)row * layer.Inputs);
                else RowsGradient(layer, group, g, gyStep, transposed + from * step, step, count, sum, gw + (nint)row * layer.Inputs);
                for (int i = 0; gb != null && i < plan.RowsOf(group); i++) gb[row + i] += Sum(g + i * Tile.Lanes, gyStep, count);
            }
    }

    /// <inheritdoc/>
    public override void Dense(T* a, nint aStep, int rows, int columns, T* b, T* bias, T* c, Gate gate)
    {
        if (gate == Gate.None) Dense<Plain>(a, aStep, rows, columns, b, bias, c);
        else if (gate == Gate.Relu) Dense<Relu>(a, aStep, rows, columns, b, bias, c);
        else if (gate == Gate.Tanh) Dense<Tanh>(a, aStep, rows, columns, b, bias, c);
        else if (gate == Gate.Silu) Dense<Silu>(a, aStep, rows, columns, b, bias, c);
        else Dense<Sigmoid>(a, aStep, rows, columns, b, bias, c);
    }

    /// <inheritdoc/>
    public override void Forward(ITileMap map, T* at, T* theta, T* value, T* logDet, int n, bool inverse) => map.Forward<T, V>(at, theta, value, logDet, n, inverse);

    /// <inheritdoc/>
    public override void Backward(ITileMap map, T* at, T* theta, T* gradValue, T* gradLogDet, T* gradAt, T* gradTheta, int n, bool inverse) =>
        map.Backward<T, V>(at, theta, gradValue, gradLogDet, gradAt, gradTheta, n, inverse);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dense<G>(T* a, nint aStep, int rows, int columns, T* b, T* bias, T* c) where G : struct, IGate
    {
        T* sum = Scratch<T>.Take(Sums);
        while (rows > 0)
        {
            int count = rows is 7 or 8 ? 4 : Math.Min(TilePlan.Rows, rows);      // two halves, rather than one or two rows by themselves
            for (int lane = 0; lane < Tile.Lanes; lane += Abreast)
                MicroKernel<T, V>.Run(count, V.Abreast, a, aStep, 1, b + lane, Tile.Lanes, columns, sum + lane, add: false);
            if (bias == null) Add<G>(count, sum, c);
            else Finish<G>(count, sum, bias, c, c);
            rows -= count;
            a += count * aStep;
            c += count * Tile.Lanes;
            if (bias != null) bias += count;
        }
    }

    /// <summary>c = gate(sum + c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<G>(int rows, T* sum, T* c) where G : struct, IGate
    {
        for (int i = 0; i < rows * Tile.Lanes; i += V.Count) G.Apply(V.Load(sum + i) + V.Load(c + i), c + i).Store(c + i);
    }

    private static int NearTiles(int rows) => (int)Math.Max(4, Near / ((nint)Math.Max(1, rows) * Tile.Lanes * sizeof(T)));

    /// <summary>c[t] = gate(A b[t] + bias).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Product<G>(Factor a, T* b, nint bStep, T* c, nint cStep, int tiles, T* unit, nint unitStep) where G : struct, IGate
    {
        int near = NearTiles(a.Columns);
        T* sum = Scratch<T>.Take(Sums + TilePlan.Rows * (nint)a.Columns), staged = sum + Sums;
        for (int from = 0; from < tiles; from += near)
        {
            int count = Math.Min(near, tiles - from);
            bool isCopied = count > 1 && a.ColumnStep > 1 && a.Columns * a.ColumnStep * sizeof(T) > Small;
            for (int group = 0; group < a.Plan.Groups; group++)
            {
                Stage(a, group, isCopied, staged);
                nint row = (nint)TilePlan.Rows * group * Tile.Lanes;
                for (int tile = from; tile < from + count; tile++)
                    Rows<G>(a, group, isCopied, staged, sum, b + tile * bStep, c + tile * cStep + row, unit + (tile * unitStep + row));
            }
        }
    }

    /// <summary>Copies what a group's kernels cannot or should not read where it lies, one column after the other, with zeros outside the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Stage(in Factor a, int group, bool all, T* staged)
    {
        int first = TilePlan.Rows * group, rows = a.Plan.RowsOf(group);
        foreach (var run in a.Plan.Runs(group))
        {
            if (!run.IsRagged && !all) continue;
            T* from = a.At + first * a.RowStep + run.From * a.ColumnStep;
            if (!run.IsRagged && a.RowStep == 1 && rows == TilePlan.Rows)
            {
                for (int column = run.From; column < run.To; column++, staged += TilePlan.Rows, from += a.ColumnStep) Unsafe.CopyBlockUnaligned(staged, from, (uint)(TilePlan.Rows * sizeof(T)));
                continue;
            }
            for (int column = run.From; column < run.To; column++, staged += TilePlan.Rows, from += a.ColumnStep)
                for (int row = 0; row < rows; row++)
                    staged[row] = !run.IsRagged || a.Plan.Has(first + row, column) ? from[row * a.RowStep] : T.Zero;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<G>(in Factor a, int group, bool isCopied, T* staged, T* sum, T* b, T* c, T* unit) where G : struct, IGate
    {
        int rows = a.Plan.RowsOf(group), first = TilePlan.Rows * group;
        T* bias = a.Bias == null ? null : a.Bias + first;
        bool isFirst = true;
        foreach (var run in a.Plan.Runs(group))
        {
            var (from, rowStep, columnStep) = ((nint)(a.At + first * a.RowStep + run.From * a.ColumnStep), a.RowStep, a.ColumnStep);
            if (run.IsRagged || isCopied)
            {
                (from, rowStep, columnStep) = ((nint)staged, 1, TilePlan.Rows);
                staged += TilePlan.Rows * run.Length;
            }
            T* x = b + (nint)run.From * Tile.Lanes;
            if (run.Length <= TileLinear.Thin && a.Plan.Runs(group).Length == 1)
            {
                if (run.Length == 0) Thin<G, Size.Zero>(rows, (T*)from, rowStep, columnStep, x, bias, c, unit);
                else if (run.Length == 1) Thin<G, Size.One>(rows, (T*)from, rowStep, columnStep, x, bias, c, unit);
                else if (run.Length == 2) Thin<G, Size.Two>(rows, (T*)from, rowStep, columnStep, x, bias, c, unit);
                else if (run.Length == 3) Thin<G, Size.Three>(rows, (T*)from, rowStep, columnStep, x, bias, c, unit);
                else Thin<G, Size.Four>(rows, (T*)from, rowStep, columnStep, x, bias, c, unit);
                return;
            }
            for (int lane = 0; lane < Tile.Lanes; lane += Abreast)
                MicroKernel<T, V>.Run(rows, V.Abreast, (T*)from, rowStep, columnStep, x + lane, Tile.Lanes, run.Length, sum + lane, add: !isFirst);
            isFirst = false;
        }
        Finish<G>(rows, sum, bias, c, unit);
    }

    /// <summary>c = gate(sum + bias).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish<G>(int rows, T* sum, T* bias, T* c, T* unit) where G : struct, IGate
    {
        for (int row = 0; row < rows; row++, sum += Tile.Lanes, c += Tile.Lanes, unit += Tile.Lanes)
        {
            V start = bias == null ? V.Zero : V.Of(bias[row]);
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
                G.Apply(V.Load(sum + lane) + start, unit + lane).Store(c + lane);
        }
    }

    /// <summary>c = gate(A b + bias) for an A of few columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Thin<G, L>(int rows, T* a, nint rowStep, nint columnStep, T* b, T* bias, T* c, T* unit) where G : struct, IGate where L : struct, ISize
    {
        for (int row = 0; row < rows; row++, a += rowStep, c += Tile.Lanes, unit += Tile.Lanes)
        {
            V start = bias == null ? V.Zero : V.Of(bias[row]);
            V a0 = L.Value > 0 ? V.Of(a[0]) : V.Zero, a1 = L.Value > 1 ? V.Of(a[columnStep]) : V.Zero, a2 = L.Value > 2 ? V.Of(a[2 * columnStep]) : V.Zero, a3 = L.Value > 3 ? V.Of(a[3 * columnStep]) : V.Zero;
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count)
            {
                V sum = start;
                if (L.Value > 0) sum = V.MultiplyAdd(a0, V.Load(b + lane), sum);
                if (L.Value > 1) sum = V.MultiplyAdd(a1, V.Load(b + Tile.Lanes + lane), sum);
                if (L.Value > 2) sum = V.MultiplyAdd(a2, V.Load(b + 2 * Tile.Lanes + lane), sum);
                if (L.Value > 3) sum = V.MultiplyAdd(a3, V.Load(b + 3 * Tile.Lanes + lane), sum);
                G.Apply(sum, unit + lane).Store(c + lane);
            }
        }
    }

    /// <summary>Adds the gradients of a group's rows for a layer of few inputs: of x as it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ThinGradient(TileLinear layer, int group, T* gy, nint gyStep, T* x, nint step, int tiles, T* gw)
    {
        int rows = layer.Plan.RowsOf(group);
        for (int row = 0; row < rows; row++, gy += Tile.Lanes, gw += layer.Inputs)
            for (int column = 0; column < layer.Inputs; column++)
            {
                if (!layer.Plan.Has(TilePlan.Rows * group + row, column)) continue;
                V even = V.Zero, odd = V.Zero;
                T* g = gy, from = x + column * Tile.Lanes;
                for (int tile = 0; tile < tiles; tile++, g += gyStep, from += step)
                    for (int lane = 0; lane < Tile.Lanes; lane += 2 * V.Count)
                    {
                        even = V.MultiplyAdd(V.Load(g + lane), V.Load(from + lane), even);
                        odd = V.MultiplyAdd(V.Load(g + lane + V.Count), V.Load(from + lane + V.Count), odd);
                    }
                gw[column] += V.Sum(even + odd);
            }
    }

    /// <summary>Adds the gradients of a group's rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowsGradient(TileLinear layer, int group, T* gy, nint gyStep, T* transposed, nint step, int tiles, T* sum, T* gw)
    {
        var runs = layer.Plan.Runs(group);
        int rows = layer.Plan.RowsOf(group), end = runs[^1].To;
        for (int from = runs[0].From / V.Count * V.Count; from < end;)
        {
            // As many whole vectors as fit in the block and are needed.
            int block = from / Tile.Lanes * Tile.Lanes, width = layer.BlockWidth(block);
            int vectors = Math.Min(block + width - from, end - from + V.Count - 1) / V.Count;
            vectors = vectors >= V.Abreast ? V.Abreast : vectors >= 2 ? 2 : 1;
            T* x = transposed + (nint)block * Tile.Lanes + (from - block);
            for (int tile = 0; tile < tiles; tile++)
                MicroKernel<T, V>.Run(rows, vectors, gy + tile * gyStep, Tile.Lanes, 1, x + tile * step, width, Tile.Lanes, sum, add: tile > 0);
            int to = from + vectors * V.Count;
            foreach (var run in runs)
                Collect(layer, group, run, Math.Max(from, run.From), Math.Min(to, run.To), rows, sum - from, gw);
            from = to;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Collect(TileLinear layer, int group, TilePlan.Run run, int from, int to, int rows, T* sum, T* gw)
    {
        for (int row = 0; row < rows; row++, sum += Tile.Lanes, gw += layer.Inputs)
        {
            int column = from;
            if (!run.IsRagged)
                for (; column <= to - V.Count; column += V.Count) (V.Load(gw + column) + V.Load(sum + column)).Store(gw + column);
            for (; column < to; column++)
                if (!run.IsRagged || layer.Plan.Has(TilePlan.Rows * group + row, column)) gw[column] += sum[column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Sum(T* row, nint step, int tiles)
    {
        var sum = V.Zero;
        for (int tile = 0; tile < tiles; tile++, row += step)
            for (int lane = 0; lane < Tile.Lanes; lane += V.Count) sum += V.Load(row + lane);
        return V.Sum(sum);
    }

    /// <summary>A, as it lies, or transposed; and what is added to the product.</summary>
    private readonly struct Factor(TilePlan plan, T* at, nint rowStep, nint columnStep, int columns, T* bias)
    {
        public readonly TilePlan Plan = plan;
        public readonly T* At = at, Bias = bias;
        public readonly nint RowStep = rowStep, ColumnStep = columnStep;
        public readonly int Columns = columns;
    }

    /// <summary>What becomes of a sum; a type, so that the loops hold no branch.</summary>
    private interface IGate
    {
        static abstract V Apply(V sum, T* unit);
    }

    private readonly struct Plain : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V sum, T* unit) => sum;
    }

    private readonly struct Relu : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V sum, T* unit) => V.Max(V.Zero, sum);
    }

    private readonly struct Tanh : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V sum, T* unit) => SimdMath.Tanh<V, T>(sum);
    }

    private readonly struct Silu : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V sum, T* unit) => sum / (1 + V.Exp(-sum));
    }

    private readonly struct Sigmoid : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V sum, T* unit) => 1 / (1 + V.Exp(-sum));
    }

    private readonly struct ReluSlope : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V sum, T* unit) => V.Select(V.Load(unit) <= V.Zero, V.Zero, sum);
    }

    private readonly struct TanhSlope : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V sum, T* unit)
        {
            V h = V.Load(unit);
            return sum * V.MultiplyAdd(-h, h, 1);
        }
    }
}
