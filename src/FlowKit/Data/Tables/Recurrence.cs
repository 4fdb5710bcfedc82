namespace FlowKit.Data;

/// <summary>How often the most frequent value of a column recurs.</summary>
internal static class Recurrence
{
    private const long Most = 100_000;

    /// <summary>Rows of (N, ...), evenly chosen where there are more than a hundred thousand: enough to see what recurs.</summary>
    public static Tensor Evenly(Tensor x)
    {
        if (x.size(0) <= Most) return x;
        using var rows = (arange(Most, dtype: int64, device: x.device) * x.size(0)).div(Most, RoundingMode.floor);
        return x.index_select(0, rows);
    }

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
