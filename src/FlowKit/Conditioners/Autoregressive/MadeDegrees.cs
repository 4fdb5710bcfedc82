namespace FlowKit.Conditioners;

/// <summary>Who may read whom in a MADE: an input, a unit or an output reads what has a degree no higher than its own.</summary>
/// <remarks>
/// Germain et al. 2015, arXiv:1502.03509, section 4. The input at position q of the order has degree q + 1, the context 0, a hidden unit any degree
/// in 0..D-1, and the outputs of position q have degree q: they read inputs at positions before q only.
/// </remarks>
internal sealed class MadeDegrees
{
    private MadeDegrees(int[] order, int[][] hidden)
    {
        (Order, Hidden) = (order, hidden);
        Positions = new int[order.Length];
        for (int q = 0; q < order.Length; q++) Positions[order[q]] = q;
    }

    /// <summary>The features, first to last.</summary>
    public int[] Order { get; }

    /// <summary>Where each feature stands in the order.</summary>
    public int[] Positions { get; }

    /// <summary>Degrees of the units of each hidden layer.</summary>
    public int[][] Hidden { get; }

    /// <summary>Degrees of the outputs, feature by feature; the P outputs of a feature share theirs.</summary>
    public int[] Outputs => Positions;

    /// <summary>Degrees of the inputs, feature by feature, each given by that many numbers, then of the context.</summary>
    public int[] Inputs(int size, int contextSize) => [.. Positions.SelectMany(q => Enumerable.Repeat(q + 1, size)), .. Enumerable.Repeat(0, contextSize)];

    /// <summary>Whether the outputs of a position read any feature: whether there is a path of degrees from the first input on that never fall and end at most there.</summary>
    public bool Reads(int position)
    {
        int degree = 1;                       // the least that a unit reading a feature has
        foreach (int[] layer in Hidden)
        {
            int[] above = [.. layer.Where(unit => unit >= degree)];
            if (above.Length == 0) return false;
            degree = above.Min();
        }
        return degree <= position;
    }

    /// <summary>Degrees that rise evenly through a layer, so that every mask is a staircase and every degree has its share.</summary>
    public static MadeDegrees Even(int[] order, IEnumerable<int> widths, int lowest)
    {
        int count = order.Length - lowest;
        return new(order, [.. widths.Select(width => Enumerable.Range(0, width).Select(k => lowest + (int)((long)k * count / width)).ToArray())]);
    }

    /// <summary>Degrees drawn uniformly from the lowest of the layer before to D-1, so that no layer holds units that read nothing.</summary>
    public static MadeDegrees Random(int[] order, IEnumerable<int> widths, int lowest, Random random)
    {
        var hidden = new List<int[]>();
        foreach (int width in widths)
        {
            int least = hidden.Count > 0 ? hidden[^1].Min() : lowest;
            hidden.Add([.. Enumerable.Range(0, width).Select(_ => random.Next(least, order.Length))]);
        }
        return new(order, [.. hidden]);
    }

    /// <summary>1 where the row may read the column, (rows, columns).</summary>
    public static Tensor Mask(int[] rows, int[] columns)
    {
        using var scope = NewDisposeScope();
        var (row, column) = (tensor(rows, dtype: int32, device: CPU), tensor(columns, dtype: int32, device: CPU));
        return row.unsqueeze(1).ge(column.unsqueeze(0)).to(get_default_dtype()).MoveToOuterDisposeScope();
    }
}
