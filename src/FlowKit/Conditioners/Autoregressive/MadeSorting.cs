namespace FlowKit.Conditioners;

/// <summary>A MADE's rows and columns sorted by degree: what can be computed once some features are known is then the first part of every layer.</summary>
internal sealed class MadeSorting
{
    private readonly long[]?[] indices;

    /// <summary>Of the mask set in use.</summary>
    public MadeSorting(Made made)
    {
        var degrees = made.CurrentDegrees;
        int features = degrees.Order.Length, size = made.PositionSize;
        Ends = [.. degrees.Hidden.Select(layer => EndsOf(layer, features))];
        long[] columns = [.. Enumerable.Range(0, (int)made.ContextSize).Select(c => (long)features * size + c), .. degrees.Order.SelectMany(feature => Numbers(feature))];
        long[] rows = [.. degrees.Order.SelectMany(feature => Enumerable.Range(0, made.Parameters).SelectMany(p => Numbers(p * features + feature)))];
        indices = [UnlessSorted(columns), .. degrees.Hidden.Select(layer => UnlessSorted([.. Enumerable.Range(0, layer.Length).OrderBy(k => layer[k]).Select(k => (long)k)])), UnlessSorted(rows)];

        IEnumerable<long> Numbers(int feature) => Enumerable.Range(0, size).Select(k => (long)feature * size + k);
    }

    /// <summary>Where each degree's units end, of each hidden layer: Ends[l][m] units have a degree of at most m.</summary>
    public int[][] Ends { get; }

    /// <summary>Of a layer's weight, (outputs, inputs), the columns in sorted order: of the first layer the context, then the features by position.</summary>
    public Tensor Columns(int layer, Tensor weight) => Sorted(weight, 1, indices[layer]);

    /// <summary>Of a layer's weight or bias the rows in sorted order; of the last layer those of position q are q P .. q P + P - 1, times the numbers of a position.</summary>
    public Tensor Rows(int layer, Tensor weight) => Sorted(weight, 0, indices[layer + 1]);

    private static Tensor Sorted(Tensor weight, long dim, long[]? index) => index is null ? weight : weight.index_select(dim, tensor(index, dtype: int64, device: weight.device));

    private static long[]? UnlessSorted(long[] index) => index.SequenceEqual(Enumerable.Range(0, index.Length).Select(k => (long)k)) ? null : index;

    private static int[] EndsOf(int[] degrees, int features)
    {
        int[] ends = new int[features];
        foreach (int degree in degrees) ends[degree]++;
        for (int m = 1; m < features; m++) ends[m] += ends[m - 1];
        return ends;
    }
}
