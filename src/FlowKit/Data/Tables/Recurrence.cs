namespace FlowKit.Data;

/// <summary>How often the most frequent value of a column recurs.</summary>
internal static class Recurrence
{
    /// <summary>The value that fills the largest share of the numbers in (N), and that share, 1/N to 1.</summary>
    public static (double Value, double Share) Of(Tensor column)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (values, _, counts) = column.unique(sorted: true, return_inverse: false, return_counts: true);
        using var most = counts!.argmax();
        return (values[most.ToInt64()].ToDouble(), (double)counts[most.ToInt64()].ToInt64() / column.size(0));
    }
}
