namespace FlowKit.Conditioners;

/// <summary>A MADE taken position by position: each step computes only the units that became computable, so that all D steps cost about one pass.</summary>
internal abstract class MadeSteps : AutoregressiveSteps
{
    /// <summary>Steps through a batch, in the fastest way that keeps the gradients the caller asked for.</summary>
    public static MadeSteps Of(Made made, Tensor? context, Tensor like)
    {
        bool plain = !is_grad_enabled() && like.device_type == DeviceType.CPU;
        return (plain, like.dtype) switch
        {
            (true, ScalarType.Float32) => new PlainMadeSteps<float>(made, context, like),
            (true, ScalarType.Float64) => new PlainMadeSteps<double>(made, context, like),
            _ => new GradientMadeSteps(made, context, like),
        };
    }

    /// <summary>Where each degree's units end, when a layer's units are sorted by degree: ends[m] units have a degree of at most m.</summary>
    private protected static int[] Ends(int[] degrees, int features)
    {
        int[] ends = new int[features];
        foreach (int degree in degrees) ends[degree]++;
        for (int m = 1; m < features; m++) ends[m] += ends[m - 1];
        return ends;
    }

    /// <summary>The indices that sort by degree, or null if they are sorted.</summary>
    private protected static long[]? Sorting(int[] degrees)
    {
        long[] sorting = [.. Enumerable.Range(0, degrees.Length).OrderBy(k => degrees[k]).Select(k => (long)k)];
        return sorting.SequenceEqual(Enumerable.Range(0, degrees.Length).Select(k => (long)k)) ? null : sorting;
    }

    /// <summary>Columns or rows of a weight in sorted order.</summary>
    private protected static Tensor Sort(Tensor weight, long dim, long[]? sorting) =>
        sorting is null ? weight : weight.index_select(dim, tensor(sorting, dtype: int64, device: weight.device));

    /// <summary>Rows of the last layer grouped by position: those of position q are q P .. q P + P - 1, times the numbers of a position.</summary>
    private protected static long[] OutputRows(Made made) =>
        [.. made.CurrentDegrees.Order.SelectMany(feature => Enumerable.Range(0, made.Parameters).SelectMany(p => Numbers(made, p * made.Inputs + feature)))];

    /// <summary>Columns of the first layer: the features by position, then the context.</summary>
    private protected static long[] InputColumns(Made made) =>
        [.. made.CurrentDegrees.Order.SelectMany(feature => Numbers(made, feature)), .. Enumerable.Range(0, (int)made.ContextSize).Select(c => made.Inputs * made.PositionSize + c)];

    /// <summary>The parameters (rows, P size) of a position as the caller reads them, (rows, P, 1) or (rows, P, 1, size).</summary>
    private protected static Tensor OfPosition(Made made, Tensor rows) =>
        made.PositionSize == 1 ? rows.unsqueeze(-1) : rows.reshape(rows.size(0), made.Parameters, 1, made.PositionSize);

    private static IEnumerable<long> Numbers(Made made, long feature) => Enumerable.Range(0, made.PositionSize).Select(k => feature * made.PositionSize + k);
}
