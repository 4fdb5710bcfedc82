using System.Numerics;
namespace FlowKit.Conditioners;

/// <summary>The steps without gradients, on the CPU: the hot loop of sampling.</summary>
/// <remarks>
/// Units are rows over the batch, sorted by degree, so that every product reads and writes whole rows. Positions are taken in blocks, as in a blocked triangular solve:
/// on entering a block, what is known contributes to all of it in one matrix product; inside, a step adds the few units of the block.
/// </remarks>
internal sealed class PlainMadeSteps<T> : MadeSteps where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int UnitsOfABlock = 64;

    private readonly Made made;
    private readonly long batch;
    private readonly int features, size, parameters, hidden, block;
    private readonly int[][] ends;
    private readonly RowBlock<T>[] weights = [];   // of each layer: rows and columns sorted, the context's columns cut off
    private readonly RowBlock<T>? direct;
    private readonly RowBlock<T>[] values = [];    // the features, each hidden layer, the outputs: (rows, batch)
    private int position, start;

    public PlainMadeSteps(Made made, Tensor? context, Tensor like)
    {
        (this.made, batch, size, parameters) = (made, like.size(0), made.PositionSize, made.Parameters * made.PositionSize);
        var degrees = made.CurrentDegrees;
        (features, hidden) = (degrees.Order.Length, degrees.Hidden.Length);
        ends = [.. degrees.Hidden.Select(layer => Ends(layer, features))];
        int widest = degrees.Hidden.Select(layer => layer.Length).DefaultIfEmpty(features).Max();
        block = Math.Clamp(UnitsOfABlock * features / widest, 1, UnitsOfABlock);
        if (made.Constant is not null) return;

        long[]?[] sorting = [InputColumns(made), .. degrees.Hidden.Select(Sorting), OutputRows(made)];
        weights = new RowBlock<T>[hidden + 1];
        values = new RowBlock<T>[hidden + 2];
        values[0] = RowBlock<T>.Zeros(features * size, batch, like);
        for (int layer = 0; layer <= hidden; layer++)
        {
            var (weight, bias) = (made.Layers[layer].Weight, Sort(made.Layers[layer].Bias!, 0, sorting[layer + 1]));
            var sorted = Sort(Sort(weight, 1, sorting[layer]), 0, sorting[layer + 1]);
            weights[layer] = new(layer == 0 ? sorted.narrow(1, 0, features * size).contiguous() : sorted.contiguous());
            values[layer + 1] = RowBlock<T>.Zeros(bias.size(0), batch, like);
            values[layer + 1].Tensor.add_(bias.unsqueeze(1));
            if (layer == 0) AddContext(values[1], sorted, context);
        }
        if (made.Direct is not null)
        {
            var sorted = Sort(Sort(made.Direct.Weight, 1, sorting[0]), 0, sorting[^1]);
            direct = new(sorted.narrow(1, 0, features * size).contiguous());
            AddContext(values[^1], sorted, context);
        }
        Compute(0);
        Enter();
    }

    public override Tensor Theta()
    {
        if (made.Constant is { } constant) return OfPosition(made, constant.expand(batch, parameters));

        int row = ComputeOutputs();
        return OfPosition(made, values[^1].Tensor.narrow(0, row, parameters).narrow(1, 0, batch).t());
    }

    public override void Append(Tensor value)
    {
        if (made.Constant is not null) return;

        values[0].Tensor.narrow(0, position * size, size).narrow(1, 0, batch).copy_(value.reshape(batch, size).t());
        Advance();
    }

    internal override (Tensor Values, Tensor Total)? Run(Tensor given, IRowKernel kernel)
    {
        if (made.Constant is not null || size > 1) return null;

        var order = made.CurrentDegrees;
        var (rows, total) = (RowBlock<T>.Zeros(features, batch, given), RowBlock<T>.Zeros(1, batch, given));
        rows.Tensor.narrow(1, 0, batch).copy_(given.t().index_select(0, tensor(order.Order, dtype: int64, device: CPU)));
        for (int q = 0; q < features; q++)
        {
            kernel.Apply<T>(rows.Rows(q), values[^1].Rows(ComputeOutputs(), parameters), values[0].Rows(q), total.Rows(0));
            Advance();
        }
        var x = values[0].Tensor.narrow(1, 0, batch).index_select(0, tensor(order.Positions, dtype: int64, device: CPU));
        return (x.t().contiguous(), total.Tensor[0].narrow(0, 0, batch).clone());
    }

    /// <summary>Completes the outputs of the next position; gives their first row.</summary>
    private int ComputeOutputs()
    {
        int row = position * parameters;
        Add(hidden, row, parameters, Known(hidden, start), Known(hidden, position));
        if (direct is { } d) values[^1].Add(d, row, parameters, values[0], start * size, position * size);
        return row;
    }

    private void Advance()
    {
        position++;
        if (position == features) return;

        Compute(position);
        if (position - start == block) Enter();
    }

    /// <summary>The units of that degree, layer by layer, from what the block has added.</summary>
    private void Compute(int degree)
    {
        for (int layer = 0; layer < hidden; layer++)
        {
            var (from, to) = (degree == 0 ? 0 : ends[layer][degree - 1], ends[layer][degree]);
            if (from == to) continue;

            Add(layer, from, to - from, degree == 0 ? 0 : Known(layer, start), Known(layer, degree));
            if (made.Activation == Activation.ReLU) Rectify(values[layer + 1].Rows(from, to - from));
            else Activate(values[layer + 1].Tensor, from, to - from);
        }
    }

    private void Activate(Tensor units, int from, int count)
    {
        using var rows = units.narrow(0, from, count);
        using var active = made.Activate(rows);
        rows.copy_(active);
    }

    private static void Rectify(Span<T> values)
    {
        for (int i = 0; i < values.Length; i += Vector<T>.Count)
        {
            var x = new Vector<T>(values[i..]);
            Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x).CopyTo(values[i..]);   // NaN stays
        }
    }

    /// <summary>Begins a block: everything known so far contributes to all of its units and outputs.</summary>
    private void Enter()
    {
        start = position;
        int end = Math.Min(start + block, features);
        for (int layer = 0; layer < hidden; layer++)
        {
            var (from, to) = (ends[layer][start], ends[layer][Math.Min(end, features - 1)]);
            values[layer + 1].AddAll(weights[layer], from, to - from, values[layer], Known(layer, start));
        }
        values[^1].AddAll(weights[hidden], start * parameters, (end - start) * parameters, values[hidden], Known(hidden, start));
        if (direct is { } d) values[^1].AddAll(d, start * parameters, (end - start) * parameters, values[0], start * size);
    }

    private void Add(int layer, int row, int rows, int from, int to) => values[layer + 1].Add(weights[layer], row, rows, values[layer], from, to);

    /// <summary>How many of the values that a layer reads are known once that many features are.</summary>
    private int Known(int layer, int count) => layer == 0 ? count * size : ends[layer - 1][Math.Min(count, features - 1)];

    private void AddContext(RowBlock<T> target, Tensor weight, Tensor? context)
    {
        if (context is null) return;
        target.Tensor.narrow(1, 0, batch).add_(weight.narrow(1, features * size, context.size(1)).mm(context.t()));
    }
}
