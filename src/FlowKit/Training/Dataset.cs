namespace FlowKit.Training;

/// <summary>Examples x, one per row, and the context on which each is conditioned, if any.</summary>
/// <param name="X">(N, ...).</param>
/// <param name="Context">(N, ...), a row for each example, or null.</param>
/// <example><code>
/// manual_seed(0);
/// var angle = rand(500, 1) * 6;
/// Dataset data = new(X: angle.sin() + 0.1 * randn(500, 1), Context: angle);      // y given an angle
/// Console.WriteLine(data.Count);  // => 500
/// </code></example>
public sealed record Dataset(Tensor X, Tensor? Context = null)
{
    /// <summary>Examples without a context.</summary>
    public static implicit operator Dataset(Tensor x) => new(x);

    /// <summary>Names of the features of x, if it came as a table.</summary>
    internal IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Number of examples, N.</summary>
    public long Count => X.size(0);

    /// <summary>The examples at those rows. They belong to the caller's dispose scope.</summary>
    internal Dataset Rows(Tensor index) => new(X.index_select(0, index), Context?.index_select(0, index));

    internal Dataset Rows(long start, long count) => new(X.narrow(0, start, count), Context?.narrow(0, start, count));

    /// <exception cref="ArgumentException">There is no example, x and context differ in length, or a row holds NaN or infinity.</exception>
    internal void Check(string name)
    {
        Guard.Batch(X, Shape.Any, name);
        if (Count == 0) throw new ArgumentException($"{name} is empty: expected at least one example, got shape {Guard.Describe(X)}.", name);
        CheckFinite(X, name);
        if (Context is null) return;

        Guard.Batch(Context, Shape.Any, $"{name}.Context");
        if (Context.size(0) != Count)
            throw new ArgumentException($"{name} has {Count} examples and {Context.size(0)} contexts; expected one context per example.", name);
        CheckFinite(Context, $"{name}.Context");
    }

    private static void CheckFinite(Tensor x, string name)
    {
        if (!x.is_floating_point()) return;

        using var scope = NewDisposeScope();
        var bad = x.isfinite().logical_not().reshape(x.size(0), -1).any(1);
        long count = bad.sum().ToInt64();
        if (count > 0)
            throw new ArgumentException($"{name} holds NaN or infinity in {count} of {x.size(0)} rows; the first is row {bad.to(int64).argmax().ToInt64()}.", name);
    }
}
