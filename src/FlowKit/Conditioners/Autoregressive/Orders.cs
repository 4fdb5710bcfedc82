namespace FlowKit.Conditioners;

/// <summary>Orders in which an autoregressive model takes its features: the features, first to last.</summary>
/// <example><code>
/// Console.WriteLine(string.Join(", ", Orders.Reverse(4)));                                // => 3, 2, 1, 0
/// Console.WriteLine(Orders.Random(5, seed: 1).SequenceEqual(Orders.Random(5, seed: 1)));  // => True
/// var made = new Made(features: 5, parameters: 2, hidden: [32], order: Orders.Random(5, seed: 1));
/// Console.WriteLine(made.Order.SequenceEqual(Orders.Random(5, seed: 1)));                 // => True
/// </code></example>
public static class Orders
{
    /// <summary>0, 1, 2, ..., D-1.</summary>
    public static IReadOnlyList<int> Natural(long features) => [.. Enumerable.Range(0, Guard.Size(features))];

    /// <summary>D-1, ..., 2, 1, 0.</summary>
    public static IReadOnlyList<int> Reverse(long features) => [.. Enumerable.Range(0, Guard.Size(features)).Reverse()];

    /// <summary>An order drawn uniformly, the same for the same seed on every machine.</summary>
    public static IReadOnlyList<int> Random(long features, int seed)
    {
        int[] order = [.. Enumerable.Range(0, Guard.Size(features))];
        new Random(seed).Shuffle(order);
        return order;
    }

    /// <summary>The order given, or the natural one.</summary>
    /// <exception cref="ArgumentException">It is no permutation of the features.</exception>
    internal static IReadOnlyList<int> Checked(IReadOnlyList<int>? order, long features)
    {
        order ??= Natural(features);
        return order.Count == features && order.Order().SequenceEqual(Enumerable.Range(0, order.Count))
            ? [.. order]
            : throw new ArgumentException($"Expected each of 0..{features - 1} once; got ({string.Join(", ", order)}).", nameof(order));
    }
}
